"""What staff fill in about mail."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SuppressForm(forms.Form):
    """An address that is to get no more mail."""

    address = forms.EmailField(label=_("Email address"))
    detail = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=500,
        help_text=_("For colleagues who wonder later. For example, “Moved to Revenue in May”."),
    )
