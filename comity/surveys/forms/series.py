"""What is asked again and again by itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.people.models import User
from comity.surveys.forms.waves import DaysField, WhoForm, mode_choices
from comity.surveys.models import Series, Survey
from comity.ui.widgets import DateInput, Radios

WHOM = ("kinds", "tiers", "functions", "view", "partners", "partner", "everyone")


class SeriesForm(WhoForm):
    """What, when, how, and whom: one page, since nobody is asked at once."""

    name = forms.CharField(
        label=gettext_lazy("What we call it"),
        max_length=200,
        help_text=gettext_lazy("“After each visit”. Its waves are called after it."),
    )
    survey = forms.ModelChoiceField(Survey.objects.none(), label=gettext_lazy("Which survey"))
    cadence = forms.ChoiceField(label=gettext_lazy("When"), choices=Series.Cadence.choices, widget=Radios)
    next_on = forms.DateField(
        label=gettext_lazy("For the first time on"),
        required=False,
        widget=DateInput,
        help_text=gettext_lazy(
            "Not for visits: those who were there are asked the morning after it is written down."
        ),
    )
    mode = forms.ChoiceField(label=gettext_lazy("Who learns who said what"), widget=Radios)
    days_open = forms.IntegerField(label=gettext_lazy("Days to answer"), min_value=1, max_value=365)
    remind_after_days = DaysField(
        label=gettext_lazy("Remind after so many days"),
        required=False,
        help_text=gettext_lazy("Not for visits. Empty for never."),
    )

    field_order = (
        "name",
        "survey",
        "cadence",
        "next_on",
        "mode",
        "days_open",
        "remind_after_days",
        *WHOM,
    )

    def __init__(self, *args: Any, user: User, series: Series | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, audience=series.audience if series else {}, **kwargs)
        self.initial.update(_initial(series))
        del self.fields["everyone"]
        survey: Any = self.fields["survey"]
        survey.queryset = Survey.objects.visible_to(user).standing()
        mode: Any = self.fields["mode"]
        mode.choices = mode_choices()
        if series is not None:
            self.fields["next_on"].label = _("Next time on")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("cadence") in (Series.Cadence.ANNUAL, Series.Cadence.QUARTERLY) and not said.get(
            "next_on"
        ):
            self.add_error("next_on", _("Say when it asks for the first time."))
        return said

    def said(self) -> dict[str, Any]:
        """As the services want it."""
        names = ("name", "survey", "cadence", "next_on", "mode", "days_open", "remind_after_days")
        return {**{name: self.cleaned_data[name] for name in names}, "audience": self.audience()}


def _initial(series: Series | None) -> dict[str, Any]:
    if series is None:
        return {"mode": "named", "days_open": 21, "remind_after_days": [7, 14], "cadence": "quarterly"}
    names = ("name", "survey", "cadence", "next_on", "mode", "days_open", "remind_after_days")
    return {name: getattr(series, name) for name in names}
