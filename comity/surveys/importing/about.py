"""What has to be said of a file of responses: which wave it belongs to, and how its cells are meant."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.errors import DomainError
from comity.core.surveys import NUMBER_SCALES
from comity.surveys.models import Mode, Survey, Wave
from comity.ui.widgets import DateInput, Radios

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
REFUSED = "refused"  # well said, and cannot be done
NAMED = (Mode.NAMED, gettext_lazy("Named: our office may read who said what"))
CONFIDENTIAL = (
    Mode.CONFIDENTIAL,
    gettext_lazy("Confidential or anonymous: only the survey office may; small groups are hidden"),
)


def takes_responses(wave: Wave) -> bool:
    """Whether responses from elsewhere can be imported into a wave."""
    return wave.imported or (wave.state == Wave.State.DRAFT and wave.mode != Mode.ANONYMOUS)


def refuse_wave(wave: Wave) -> None:
    """Raises DomainError, saying why, if a wave does not take responses from elsewhere."""
    if takes_responses(wave):
        return
    if wave.state == Wave.State.DRAFT:
        raise DomainError(
            _("“%(wave)s” is anonymous: only answers given here can be parted from their authors.")
            % {"wave": wave}
        )
    raise DomainError(
        _("“%(wave)s” asks people itself. Responses from elsewhere go into a wave of their own.")
        % {"wave": wave}
    )


def _waves() -> list[tuple[str, Any]]:
    """Those that take responses from elsewhere."""
    drafts = Wave.objects.filter(state=Wave.State.DRAFT).exclude(mode=Mode.ANONYMOUS)
    found = (drafts | Wave.objects.filter(imported=True)).order_by("-created_at", "-pk")
    return [("", _("A new wave")), *found.values_list("key", "name")]


def _surveys() -> list[tuple[str, Any]]:
    asked = Survey.objects.standing().filter(versions__questions__isnull=False).distinct()
    return [("", _("A new one, made of the columns")), *asked.values_list("key", "name")]


class AboutForm(forms.Form):
    """What is said of a new wave means nothing where there is one."""

    wave = forms.CharField(
        label=gettext_lazy("Which wave they belong to"),
        required=False,
        help_text=gettext_lazy("One that was imported before, or is being prepared, by its key."),
        widget=forms.Select,
    )
    name = forms.CharField(label=gettext_lazy("What a new wave is called"), required=False, max_length=200)
    survey = forms.ChoiceField(
        label=gettext_lazy("Which survey a new wave asks"),
        required=False,
        choices=_surveys,
        help_text=gettext_lazy("Waves of one survey are compared, question by question."),
    )
    day = forms.DateField(
        label=gettext_lazy("When people were asked"),
        required=False,
        widget=DateInput,
        help_text=gettext_lazy("The place of a new wave among the others; today, unless you say."),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("What they were promised"),
        required=False,
        initial=Mode.NAMED,
        choices=[NAMED, CONFIDENTIAL],
        widget=Radios,
        help_text=gettext_lazy("Of a new wave. It cannot be changed afterwards."),
    )
    scale = forms.ChoiceField(
        label=gettext_lazy("Scale of questions made of columns"),
        required=False,
        choices=[("", gettext_lazy("1 to 5")), *((key, key.replace("-", " – ")) for key in NUMBER_SCALES)],
    )
    na = forms.CharField(
        label=gettext_lazy("What cells say for “I don’t know”"),
        required=False,
        help_text=gettext_lazy("For example 9, or N/A; several with commas between them."),
    )
    population = forms.IntegerField(
        label=gettext_lazy("How many people could have answered"),
        required=False,
        min_value=1,
        max_value=10**9,
        help_text=gettext_lazy("Where you know it; the figures are then surer."),
    )
    raise_low = forms.BooleanField(
        label=gettext_lazy("Raise a follow-up for each low rating"),
        required=False,
        help_text=gettext_lazy("The lead contact owns it. It is not undone with the import."),
    )
    others = forms.BooleanField(
        label=gettext_lazy("These are other people than those in the wave"),
        required=False,
        help_text=gettext_lazy("Say so if they give the same answers, and are not the same file again."),
    )
    drivers = forms.CharField(
        label=gettext_lazy("What ratings made of columns may drive, as COLUMN=DRIVER"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["wave"].widget.choices = _waves()

    def clean_wave(self) -> str:
        key: str = self.cleaned_data["wave"]
        if key and not KEY.fullmatch(key):
            raise ValidationError(
                _("“%(key)s” cannot be a wave's key: use small letters, digits and hyphens, up to 60."),
                code=REFUSED,
                params={"key": key[:80]},
            )
        return key

    def clean_drivers(self) -> str:
        for line in filter(None, self.cleaned_data["drivers"].split("\n")):
            if "" in (part.strip() for part in line.rpartition("=")):
                raise ValidationError(_("“%(line)s” does not say COLUMN=DRIVER."), params={"line": line[:80]})
        return str(self.cleaned_data["drivers"])

    def clean(self) -> dict[str, Any]:
        said = {**self.cleaned_data, "mode": self.cleaned_data.get("mode") or Mode.NAMED}
        if "wave" not in said:
            return said
        wave = Wave.objects.filter(key=said["wave"]).first()
        if wave is not None:
            said["mode"] = wave.mode
            try:
                refuse_wave(wave)
            except DomainError as error:
                self.add_error("wave", ValidationError(str(error), code=REFUSED))
        elif not said["wave"] and not said.get("name"):
            self.add_error("wave", _("Choose a wave, or say what a new one is called."))
        said["wave"] = said["wave"] or free_key(Wave, said.get("name", ""))
        if said.get("raise_low") and said["mode"] != Mode.NAMED:
            sentence = _("Where names are kept back, nothing is raised of a single response.")
            self.add_error("raise_low", ValidationError(sentence, code=REFUSED))
        return said


def free_key(model: type[Wave | Survey], name: str) -> str:
    """A key made of a name that no wave, or no survey, has."""
    stem = slugify(name)[:50].strip("-_") or "imported"
    taken = set(model._default_manager.filter(key__startswith=stem).values_list("key", flat=True))
    names = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in names if one not in taken)
