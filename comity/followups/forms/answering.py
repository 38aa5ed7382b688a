"""Whether it helped."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.followups.models import Helped
from comity.ui.fields import sentences
from comity.ui.widgets import Radios


class HelpedForm(forms.Form):
    answer = forms.ChoiceField(label=_("Did it help?"), choices=Helped.choices, widget=Radios)
    words = sentences(
        _("Anything you want to add"),
        rows=4,
        longest=4_000,
        required=False,
        hint=_("If it did not help, what is missing?"),
    )
