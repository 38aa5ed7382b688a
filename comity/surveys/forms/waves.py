"""Preparing a wave, or one that comes round by itself: what is asked, whom, how; and the rules that hold for all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.errors import DomainError
from comity.editing.forms import RowForm
from comity.editing.values import Said
from comity.office.models import VisitTier
from comity.office.services import today, words
from comity.partners.models import Partner, Position
from comity.partners.pickers import PARTNER
from comity.people.models import User
from comity.surveys.models import Mode, Rules, Series, Survey, Version, Wave
from comity.surveys.services import waves
from comity.surveys.services.audience import in_one_line
from comity.ui import saved_views
from comity.ui.fields import PickField
from comity.ui.pickers import as_key
from comity.ui.widgets import CheckboxList, DateInput, Radios

WHOM = ("kinds", "tiers", "functions", "view", "partners", "partner")
PARTNERS = "partners"  # the list of partners, as its saved views know it
USUAL_DAYS = 21

# What each mode promises, as docs/decisions/anonymity.md says it.
PROMISES = {
    Mode.NAMED: gettext_lazy(
        "Our office sees who said what. A low rating goes to the contact at once, with the name "
        "of the person who gave it."
    ),
    Mode.CONFIDENTIAL: gettext_lazy(
        "Only the survey office sees who said what. A contact sees it only if the person checked "
        "“You may contact me about this”. Every other page treats the wave as anonymous."
    ),
    Mode.ANONYMOUS: gettext_lazy(
        "Nobody learns who said what. We read nothing before the wave closes, and until then see "
        "only a round number of how many answered. Anything that could give a small group away is "
        "hidden. Low ratings are followed up for the survey as a whole."
    ),
}


def mode_choices() -> list[tuple[str, Any]]:
    """The modes, each with what it promises."""
    return [
        (
            mode.value,
            format_html('<b>{}</b><br><span class="soft small">{}</span>', mode.label, PROMISES[mode]),
        )
        for mode in Mode
    ]


def version_choices(present: int | None = None) -> list[tuple[Any, str]]:
    """Of each survey that is still sent: the version sent last, and the draft; and the one a wave has now."""
    found: list[tuple[Any, str]] = []
    rows = Version.objects.filter(survey__retired_at=None) | Version.objects.filter(pk=present or 0)
    sent: set[int] = set()
    for row in rows.select_related("survey").order_by("survey__sort_name", "survey", "-number"):
        label = _("version %(number)s, new: final once the wave opens")
        if row.frozen_at is not None:
            if row.survey_id in sent and row.pk != present:
                continue
            sent.add(row.survey_id)
            label = _("version %(number)s, sent before")
        found.append((row.pk, f"{row.survey.name}: {label % {'number': row.number}}"))
    return found


class WhatForm(RowForm):
    """Step 1: what is asked, and what the wave is called."""

    version = forms.TypedChoiceField(label=gettext_lazy("Which survey"), coerce=int)

    class Meta(RowForm.Meta):
        model = Wave
        fields = ("version", "name", "against")
        labels = {"name": gettext_lazy("What we call this wave")}
        help_texts = {
            "name": gettext_lazy("For example, “Annual survey 2027”. The people you ask do not see it."),
            "against": gettext_lazy("An earlier wave. The results will say what has changed since."),
        }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["version"].choices = [("", _("Choose one")), *version_choices(self.instance.version_id)]
        others = Wave.objects.exclude(state=Wave.State.DRAFT).exclude(pk=self.instance.pk)
        self.fields["against"].queryset = others

    def begin_with(self, version: str) -> None:
        """Propose a version, and to compare it with the last wave of its survey."""
        self.initial["version"] = version
        if key := as_key(version):
            asked = Wave.objects.filter(version__survey__versions=key, opened_at__isnull=False)
            self.initial["against"] = asked.order_by("-opened_at").values_list("pk", flat=True).first()

    def clean_version(self) -> Version:
        return Version.objects.get(pk=self.cleaned_data["version"])


class WhomForm(RowForm):
    """Who is asked. Each choice narrows down what the others leave; none narrows nothing."""

    composed = {"audience": Said(gettext_lazy("Who is asked"), in_one_line)}
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds"), choices=Partner.Kind.choices, required=False, widget=CheckboxList
    )
    tiers = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Visit tiers"), coerce=int, required=False, widget=CheckboxList
    )
    functions = forms.MultipleChoiceField(
        label=gettext_lazy("Functions"),
        choices=Position.Function.choices,
        required=False,
        widget=CheckboxList,
    )
    view = forms.ChoiceField(required=False)
    partners = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only these"), coerce=int, required=False, widget=CheckboxList
    )
    partner = PickField(PARTNER, required=False)

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        """Begins with the audience of the row, and offers what this person may choose from."""
        super().__init__(*args, **more)
        audience = self.instance.audience
        self.kept = audience.get("view") or {}
        keeper = saved_views.provider()
        self.views = {str(view.pk): view for view in keeper.views_of(user, PARTNERS)} if keeper else {}
        views = [(pk, view.name) for pk, view in self.views.items()]
        if self.kept:
            views.insert(
                0, ("kept", _("%(name)s, as it was when you chose it") % {"name": self.kept["name"]})
            )
        mine = Partner.objects.visible_to(user).standing()
        chosen = mine.filter(pk__in=audience.get("partners", [])).order_by("sort_name", "pk")
        for name in ("kinds", "tiers", "functions", "partners"):
            self.initial[name] = audience.get(name, [])
        self.initial["view"] = "kept" if self.kept else ""
        self._offer("tiers", list(VisitTier.objects.values_list("pk", "name")))
        self.fields["view"].label = _("A saved view of the list of %(partners)s") % {
            "partners": words().partners
        }
        self._offer("view", views and [("", _("All")), *views])
        self._offer("partners", list(chosen.values_list("pk", "name")))
        self.fields["partner"].rows = mine.served()
        self.fields["partner"].label = _("Only this %(partner)s, or one more") % {"partner": words().partner}

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        """These to choose from; where there are none, nothing is asked."""
        self.fields[name].choices = choices
        if not choices:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        return said if self.errors else {**said, "audience": self.audience()}

    def audience(self) -> dict[str, Any]:
        """What was chosen, as a wave keeps it; what narrows nothing is left out."""
        said = self.cleaned_data
        chosen: dict[str, Any] = {
            name: said.get(name) for name in ("kinds", "tiers", "functions", "partners")
        }
        if said.get("partner"):
            chosen["partners"] = [*(chosen["partners"] or []), said["partner"].pk]
        if said.get("view") == "kept":
            chosen["view"] = self.kept
        elif said.get("view"):
            view = self.views[said["view"]]
            chosen["view"] = {"id": view.pk, "name": view.name, "query": view.query}
        return {name: value for name, value in chosen.items() if value}


class WhoForm(WhomForm):
    """Step 2: who is asked."""

    class Meta(RowForm.Meta):
        model = Wave
        fields = ("everyone",)
        labels = {"everyone": gettext_lazy("These are all there are of their kind")}
        help_texts = {
            "everyone": gettext_lazy(
                "The more of them answer, the more certain the figures. Uncheck this if they stand for a "
                "larger group."
            )
        }

    field_order = (*WHOM, "everyone")


class DaysField(forms.CharField):
    """Days with commas between them: "7, 14"."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(day) for day in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).replace(";", ",").replace(" ", ",")
        parts = [part for part in text.split(",") if part]
        if any(not (part.isascii() and part.isdigit() and len(part) < 5) for part in parts):
            raise forms.ValidationError(_("Enter days as numbers, separated by commas, such as 7, 14."))
        try:
            return waves.cleaned_days(map(int, parts))
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


class HowForm(RowForm):
    """Step 3: who learns who said what, until when, and how often we remind."""

    closes_on = forms.DateField(label=gettext_lazy("Last day to answer"), widget=DateInput)
    remind_after_days = DaysField(
        label=gettext_lazy("Remind after this many days"),
        required=False,
        help_text=gettext_lazy(
            "People who have not answered get an email with a new link. Leave empty for no reminders."
        ),
    )

    class Meta(RowForm.Meta):
        model = Wave
        fields = ("mode", "closes_on", "remind_after_days", "smallest_group")
        widgets = {"mode": Radios}
        help_texts = {
            "smallest_group": gettext_lazy(
                "Unless the wave is named, no figure is shown for fewer people than this."
            )
        }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.instance.closes_on is None:
            usual = today() + timedelta(days=USUAL_DAYS)
            self.initial.update(closes_on=usual, remind_after_days=[7, 14])
        self.fields["mode"].choices = mode_choices()

    def clean_closes_on(self) -> Any:
        day = self.cleaned_data["closes_on"]
        if day < today():
            raise forms.ValidationError(_("The last day to answer has passed. Choose today or a later day."))
        return day


class ExtendForm(forms.Form):
    closes_on = forms.DateField(label=gettext_lazy("Last day to answer"), widget=DateInput)


class RulesForm(RowForm):
    """How often someone is asked, and what counts as low."""

    class Meta(RowForm.Meta):
        model = Rules
        fields = ("rest_days", "most_a_year", "low_rating", "ask_again_after", "smallest_group")
        help_texts = {
            "rest_days": gettext_lazy(
                "Anyone invited within this many days is not asked. Enter 0 for no limit."
            ),
            "most_a_year": gettext_lazy("Reminders do not count. Enter 0 for no limit."),
            "low_rating": gettext_lazy(
                "On a scale of 1 to 5. Someone gets in touch after a low rating. 3 is usual."
            ),
            "ask_again_after": gettext_lazy(
                "The same person is asked the same questions, unless they were asked too recently. Enter "
                "0 to ask nobody again."
            ),
            "smallest_group": gettext_lazy("For new waves. Each wave keeps its own. 5 is usual."),
        }


FACTS = ("name", "survey", "cadence", "next_on", "mode", "days_open", "remind_after_days")


class SeriesForm(WhomForm):
    """What, when, how, and whom: one page, since nobody is asked at once."""

    remind_after_days = DaysField(
        label=gettext_lazy("Remind after this many days"),
        required=False,
        help_text=gettext_lazy("Not for visits and tickets. Leave empty for no reminders."),
    )

    class Meta(RowForm.Meta):
        model = Series
        fields = FACTS
        widgets = {"cadence": Radios, "mode": Radios}
        labels = {"name": gettext_lazy("What we call it"), "next_on": gettext_lazy("First wave on")}
        help_texts = {
            "name": gettext_lazy("For example, “After each visit”. Its waves are named after it."),
            "next_on": gettext_lazy(
                "Not for visits and tickets. Those who were there are asked the morning after the visit is written "
                "down, those who called the morning after their ticket is resolved."
            ),
        }

    field_order = (*FACTS, *WHOM)

    def __init__(self, *args: Any, user: User, instance: Series | None = None) -> None:
        usual = {"mode": "named", "days_open": 21, "remind_after_days": [7, 14], "cadence": "quarterly"}
        super().__init__(*args, user=user, instance=instance, initial=None if instance else usual)
        self.fields["survey"].queryset = Survey.objects.visible_to(user).standing()
        self.fields["mode"].choices = mode_choices()
        if instance is not None:
            self.fields["next_on"].label = _("Next wave on")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        timed = said.get("cadence") in (Series.Cadence.ANNUAL, Series.Cadence.QUARTERLY)
        if timed and not said.get("next_on"):
            self.add_error("next_on", _("Choose the day of the first wave."))
        return said
