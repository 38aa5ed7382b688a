"""What can be set on many partners at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comity.office.models import VisitTier
from comity.partners.forms.partners import STATUSES
from comity.partners.models import Partner

AS_IT_IS = ("", pgettext_lazy("bulk change", "as it is"))


class SetForm(forms.Form):
    """A tier, a kind, a status; what is left alone stays as it is."""

    tier = forms.ModelChoiceField(
        VisitTier.objects.all(), label=_("Visit tier"), required=False, empty_label=AS_IT_IS[1]
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[AS_IT_IS, *Partner.Kind.choices], required=False)
    status = forms.ChoiceField(label=_("Status"), choices=[AS_IT_IS, *STATUSES], required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(_("Choose what to set."))
        return cleaned
