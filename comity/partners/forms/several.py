"""Several partners in a form: those there are, each with a box, and one more by name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.editing.forms import RowForm
from comity.editing.values import Said
from comity.partners.models import Partner
from comity.partners.pickers import PARTNER_TODAY, PARTNERS_WORD
from comity.people.models import User
from comity.ui.fields import PickField, picked_by
from comity.ui.widgets import CheckboxList


class SeveralPartnersForm(RowForm):
    """Of a row whose field `partners` names several; it is told who picks."""

    composed = {"partners": Said(PARTNERS_WORD)}
    named = forms.ModelMultipleChoiceField(
        Partner.objects.none(), label=PARTNERS_WORD, required=False, widget=CheckboxList
    )
    also = PickField(PARTNER_TODAY, label=_("Add one by name"), required=False)

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        picked_by(self, user)
        if self.instance.pk and self.instance.partners.exists():
            self.fields["named"].queryset = self.instance.partners.all()
            self.initial["named"] = list(self.instance.partners.values_list("pk", flat=True))
        else:
            del self.fields["named"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        also = said.get("also")
        return {**said, "partners": [*said.get("named", []), *([also] if also else [])]}
