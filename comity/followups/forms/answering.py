"""Whether it helped."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.followups.models import Helped
from comity.ui.widgets import Radios


class HelpedForm(forms.Form):
    answer = forms.ChoiceField(label=_("Did it help?"), choices=Helped.choices, widget=Radios)
    words = forms.CharField(
        label=_("Anything you want to add"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("If it did not help: what is missing?"),
    )
