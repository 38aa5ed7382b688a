"""The connection, as it is typed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.editing.forms import RowForm
from comity.itsm.models import Connection
from comity.ui.widgets import Radios


class ConnectionForm(RowForm):
    secret = forms.CharField(
        label=_("Secret or password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted, and never shown again. Leave it empty to keep the one there is."),
    )

    class Meta(RowForm.Meta):
        model = Connection
        fields = ("url", "auth", "client", "active")
        widgets = {"auth": Radios}
        help_texts = {"url": _("Such as https://yourstate.service-now.com")}
