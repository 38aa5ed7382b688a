"""The nouns of this room: items of the map, their relations and the types of these, and what processes need."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from comity.applications import samples, services
from comity.applications.capabilities import EDIT, PORTAL, READ
from comity.applications.forms import THEIRS
from comity.applications.models import Item, Relation, RelationType, Reliance
from comity.applications.pickers import ITEM, PROCESS
from comity.imports.model_lists import Fact, list_of
from comity.imports.parsing import STAFF, Lookup
from comity.nouns import Area, Noun, Place, Search
from comity.partners.importing.fields import PARTNER
from comity.partners.samples import Sample

NAMED = Lookup(Item.objects.standing, by=("external_id", "name"))
under_them = partial(Place, Area.SERVICES, to=READ, under="applications:list")

NOUNS = (
    Noun(
        Item,
        plural=_("Applications"),
        page="applications:item",
        actions={**services.ITEMS.actions, services.CONFIRM: _("confirmed an item of the map")},
        places=[
            Place(Area.SERVICES, _("Applications"), "applications:list", READ, order=4),
            Place(Area.SERVICES, _("Applications"), "applications:portal", PORTAL, order=4),
        ],
        search=Search(hint="external_id"),
        traits=[
            ITEM,
            *(Sample(days, make) for days, make in samples.STORY),
            list_of(
                Item,
                "applications",
                label=_("Applications and what they stand on"),
                to=EDIT,
                key=["external_id"],
                fields=[
                    Fact("external_id", ["id", "ci", "sys_id", "number"]),
                    "name",
                    Fact("kind", ["class", "type", "kind"], otherwise=Item.Kind.OTHER),
                    Fact("owner", ["run by", "managed by"], names=STAFF),
                    Fact("partner", ["agency", "organization", "customer"], names=PARTNER),
                    *THEIRS,
                ],
                rows=lambda: Item.objects.standing().filter(source="").select_related("owner", "partner"),
                check=services.check_item,
            ),
        ],
    ),
    Noun(
        Relation,
        plural=_("Relations"),
        actions=services.RELATIONS.actions,
        places=[under_them(_("Relations"), "applications:relations")],
        traits=[
            list_of(
                Relation,
                "relations",
                label=_("Relations between items"),
                to=EDIT,
                key=["from_item", "type", "to_item"],
                fields=[
                    Fact("from_item", ["from", "source", "parent"], names=NAMED),
                    Fact("type", ["relation"], names=Lookup(RelationType.objects.all, by=("name",))),
                    Fact("to_item", ["to", "target", "child"], names=NAMED),
                    *("group", "min_up"),
                ],
                page="applications:relations",
                rows=lambda: Relation.objects.select_related("from_item", "to_item", "type"),
                check=services.check_relation,
                after=services.check_groups,
            )
        ],
    ),
    Noun(Reliance, actions=services.RELIANCES.actions, traits=[PROCESS]),
    Noun(
        RelationType,
        plural=_("Types of relations"),
        page="applications:edit_type",
        office_only=True,
        actions=services.TYPES.actions,
        places=[under_them(_("Types of relations"), "applications:types")],
    ),
)
