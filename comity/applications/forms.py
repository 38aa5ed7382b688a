"""Items, relations, and what processes need, as people type them."""

from __future__ import annotations

from typing import Any

from comity.applications.models import Item, Relation, RelationType, Reliance
from comity.applications.pickers import ITEM, PROCESS
from comity.editing.forms import RowForm
from comity.partners.pickers import PARTNER_TODAY, PARTNER_WORD
from comity.people.models import User
from comity.people.pickers import colleague_field
from comity.ui.fields import PickField, Picking
from comity.ui.widgets import Radios

# What a partner's own people know best.
THEIRS = (
    *("criticality", "hours", "users", "rto_hours", "rto_tested_hours", "rpo_hours", "rpo_tested_hours"),
    *("data_class", "vendor", "support_ends_on"),
)


class ItemForm(Picking, RowForm):
    owner = colleague_field(label=Item._meta.get_field("owner").verbose_name, required=False)
    partner = PickField(PARTNER_TODAY, label=PARTNER_WORD, required=False)

    class Meta(RowForm.Meta):
        model = Item
        fields = ("name", "external_id", "kind", "partner", "owner", *THEIRS)

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, user=user, **more)
        ours = ("name", "external_id", "kind", "partner", "owner")
        came = ours[:3] if self.instance.source else ()
        for name in came if user.is_office else ours:
            del self.fields[name]


class RelationForm(Picking, RowForm):
    to_item = PickField(ITEM, label=Relation._meta.get_field("to_item").verbose_name)

    class Meta(RowForm.Meta):
        model = Relation
        fields = ("type", "to_item", "group", "min_up")


class RelianceForm(Picking, RowForm):
    process = PickField(PROCESS, label=Reliance._meta.get_field("process").verbose_name)

    class Meta(RowForm.Meta):
        model = Reliance
        fields = ("process", "waits_hours")


class TypeForm(RowForm):
    class Meta(RowForm.Meta):
        model = RelationType
        fields = ("name", "reverse", "suffers", "min_up")
        widgets = {"suffers": Radios}
