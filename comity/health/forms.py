"""Weights, steps of plays, overrides and maturity, as people type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.core.health import MOST
from comity.editing.forms import RowForm
from comity.health.models import Maturity, Override, Step
from comity.health.parts import PARTS, label
from comity.ui.widgets import Radios

OUT_OF_BOUNDS = {
    "min_value": _("A part counts at least 1. Enter 1 or more."),
    "max_value": _("Enter 1,000 or less."),
    "invalid": _("Enter a whole number, such as 20."),
}


class WeightsForm(forms.Form):
    """A weight for each part, and why; `initial` is what holds now."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for key in PARTS:
            self.fields[key] = forms.IntegerField(
                min_value=1, max_value=MOST, label=label(key), error_messages=OUT_OF_BOUNDS
            )
        self.fields["reason"] = forms.CharField(
            label=_("Why"), max_length=300, help_text=_("One sentence for whoever asks next year.")
        )

    @property
    def weights(self) -> dict[str, int]:
        return {key: self.cleaned_data[key] for key in PARTS}


class StepForm(RowForm):
    class Meta(RowForm.Meta):
        model = Step
        fields = ("band", "title", "owner", "days", "by_itself")
        widgets = {"band": Radios, "owner": Radios}


class OverrideForm(RowForm):
    class Meta(RowForm.Meta):
        model = Override
        fields = ("band", "reason", "until")
        widgets = {"band": Radios, "reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "reason": _("It stands beside what is counted, with your name."),
            "until": _("The last day it stands, within 90 days."),
        }


class MaturityForm(RowForm):
    class Meta(RowForm.Meta):
        model = Maturity
        fields = ("level", "words")
        widgets = {"level": Radios, "words": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["level"].choices = [
            (level.value, _LEVEL % {"name": level.label, "means": MEANS[level]}) for level in Maturity.Level
        ]


_LEVEL = _("%(name)s: %(means)s")
MEANS = {
    Maturity.Level.AD_HOC: _("we talk when something is broken"),
    Maturity.Level.ORDER_TAKER: _("they order, our office delivers"),
    Maturity.Level.PROVIDER: _("services are agreed on, and kept"),
    Maturity.Level.ADVISOR: _("our office is asked before decisions are made"),
    Maturity.Level.PARTNER: _("plans are made together"),
}
