"""Parts of a partner's business, and who understands whom, as people type them."""

from __future__ import annotations

from typing import Any, cast

from django.forms import modelform_factory

from comity.business.models import Part, Understanding
from comity.editing.forms import RowForm
from comity.partners.pickers import PARTNER_TODAY, PARTNER_WORD
from comity.people.pickers import colleague_field
from comity.ui.fields import PickField, Picking
from comity.ui.widgets import Radios


def form_of(model: type[Part]) -> type[RowForm]:
    """The form of one part: all that is asked of it."""
    made: Any = modelform_factory(model, form=RowForm, fields=model.ASKED, widgets={"kind": Radios})
    return cast(type[RowForm], made)


class UnderstandingForm(Picking, RowForm):
    user = colleague_field(label=Understanding._meta.get_field("user").verbose_name)
    partner = PickField(PARTNER_TODAY, label=PARTNER_WORD, required=False)

    class Meta(RowForm.Meta):
        model = Understanding
        fields = ("user", "partner", "kind", "level", "since", "note")
        widgets = {"level": Radios}
