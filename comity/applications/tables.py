"""The lists of the map: items, relations, what processes need, types of relations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.applications.capabilities import EDIT
from comity.applications.models import Item, Relation, RelationType
from comity.applications.picture import TONES
from comity.partners.pickers import PARTNER_WORD, of_partner
from comity.people.access import Request
from comity.ui.components.days import day
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Search, Table, Toggle, only_csv

FRESH = timedelta(days=365)  # what was confirmed longer ago asks to be looked at again


def criticality_sign(item: Item) -> Any:
    """How critical, as a tag."""
    kind = TONES.get(item.criticality, "none")
    return tag(item.get_criticality_display(), kind=kind) if item.criticality else ""


def items_table(request: Request) -> Table:
    """The map; for a partner's user its own part of it."""
    old = timezone.now() - FRESH
    return Table(
        request,
        Item.objects.visible_to(request.user).standing().select_related("partner", "owner"),
        name="applications",
        columns=[
            Column("name", link=True),
            Column("kind"),
            Column("criticality", value=criticality_sign),
            Column("partner", PARTNER_WORD, csv_value=_whose),
            Column("owner", wide=True, csv_value=lambda row: row.owner and row.owner.email),
            Column("support_ends_on", wide=True),
            Column("confirmed_at", value=lambda row: day(row.confirmed_at), wide=True),
            *only_csv("external_id", "source", "hours", "rto_hours", "rto_tested_hours"),
            *only_csv("rpo_hours", "rpo_tested_hours", "data_class", "users", "vendor", "id"),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            Choice("kind", _("Class"), Item.Kind.choices, "kind"),
            Choice("criticality", _("Criticality"), Item.Criticality.choices, "criticality"),
            *([of_partner(request.user)] if request.user.is_office else []),
            Toggle("nothing", _("No known host"), lambda rows: rows.on_nothing()),
            Toggle("old", _("Not confirmed for a year"), lambda rows: rows.exclude(confirmed_at__gte=old)),
        ],
        views=[
            (_("All"), ""),
            (_("Applications"), "kind=application"),
            (_("No known host"), "nothing=1"),
            (_("Not confirmed for a year"), "kind=application&old=1"),
        ],
        default_sort="name",
        empty=_("Nothing is known yet."),
    )


def _whose(item: Item) -> str:
    return item.partner.code or item.partner.name if item.partner else ""


def _named(rows: Any, text: str) -> Any:
    """Relations one end of which is found by its words."""
    found = Item.objects.search(text).values("pk")
    return rows.filter(Q(from_item__in=found) | Q(to_item__in=found))


def relations_table(request: Request) -> Table:
    return Table(
        request,
        Relation.objects.visible_to(request.user).select_related("from_item", "to_item", "type"),
        name="application-relations",
        columns=[
            Column("from_item", link=True, csv_value=lambda row: row.from_item.external_id),
            Column("type"),
            Column("to_item", link=True, csv_value=lambda row: row.to_item.external_id),
            *(Column(name, wide=True) for name in ("group", "min_up")),
            *only_csv("id"),
        ],
        filters=[
            Search("q", _("Find"), _named),
            Choice("type", _("Type"), RelationType.objects.all(), "type"),
        ],
        default_sort="from_item",
        empty=_("None yet."),
    )


def types_table(request: Request) -> Table:
    def edit(row: RelationType) -> str:
        return reverse("applications:edit_type", args=[row.pk]) if request.user.can(EDIT) else ""

    return Table(
        request,
        RelationType.objects.visible_to(request.user),
        name="relation-types",
        columns=[Column("name", link=edit), *map(Column, ("reverse", "suffers", "min_up"))],
        default_sort="name",
        empty=_("None yet."),
    )
