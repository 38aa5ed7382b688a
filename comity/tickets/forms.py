"""Rules for whose tickets are, as people type them."""

from __future__ import annotations

from typing import Any

from comity.editing.forms import RowForm
from comity.partners.pickers import PARTNER, PARTNER_WORD
from comity.tickets.models import Owner
from comity.ui.fields import PickField, Picking


class RuleForm(Picking, RowForm):
    """What a rule is about stays: another value is another rule."""

    partner = PickField(PARTNER, label=PARTNER_WORD)

    class Meta(RowForm.Meta):
        model = Owner
        fields = ("field", "value", "partner")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.instance.pk:
            del self.fields["field"], self.fields["value"]
