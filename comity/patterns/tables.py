"""The lists of patterns and of rotations."""

from __future__ import annotations

from django.utils.translation import gettext as _

from comity.office.services import today
from comity.partners.pickers import PARTNER_WORD, PARTNERS_WORD, of_partner
from comity.patterns.models import Pattern, Proposal, Rotation
from comity.people.access import Request
from comity.people.pickers import ANYONE_OF_US
from comity.ui.tables import Choice, Column, Picked, Search, Table, Toggle, only_csv


def patterns_table(request: Request) -> Table:
    rows = Pattern.objects.visible_to(request.user).standing().counted(today())
    return Table(
        request,
        rows.select_related("owner", "service"),
        name="patterns",
        columns=[
            Column("name", link=True),
            Column("partner_count", PARTNERS_WORD, sort="partner_count", numeric=True, csv="partners"),
            Column("item_count", _("Items"), sort="item_count", numeric=True, csv="items"),
            Column("lately", _("Last 90 days"), sort="lately", numeric=True),
            Column("first_on", _("First seen"), sort="first_on", wide=True),
            Column("owner", wide=True),
            Column("service", _("Solved by"), wide=True),
            Column("status"),
            *only_csv("solution", "id"),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            Choice("status", _("Status"), Pattern.Status.choices, "status"),
            Picked("owner", _("Owner"), ANYONE_OF_US, request.user, "owner", none=_("Nobody")),
            of_partner(
                request.user,
                lambda rows, keys: rows.filter(
                    pk__in=Pattern.objects.filter(items__follow_up__partner__in=keys).values("pk")
                ),
            ),
            Toggle("growing", _("Growing"), lambda rows: rows.filter(lately__gt=0)),
        ],
        default_sort="-partner_count",
        empty=_(
            "No patterns yet. Confirm one on the page of a follow-up, or take one that the night proposed."
        ),
    )


def proposals_table(request: Request) -> Table:
    return Table(
        request,
        Proposal.objects.visible_to(request.user).open(),
        name="pattern-proposals",
        columns=[
            Column("name", _("Words they share"), link=True),
            Column("partner_count", PARTNERS_WORD, csv="partners"),
            Column("item_count", _("Items"), csv="items"),
            Column(
                "quote", _("In the words of one"), value=lambda row: row.quote.replace("\n", " · "), wide=True
            ),
            *only_csv("id"),
        ],
        default_sort="-partner_count",
        empty=_("Nothing is proposed. Every night, what was said is compared."),
    )


def rotations_table(request: Request) -> Table:
    return Table(
        request,
        Rotation.objects.visible_to(request.user).select_related("who", "partner"),
        name="rotations",
        columns=[
            Column("who", link=lambda row: row.get_absolute_url()),
            Column("partner", PARTNER_WORD),
            Column("role"),
            Column("begins_on"),
            Column("ends_on"),
            *only_csv("place", "purpose", "id"),
        ],
        filters=[
            Picked("who", _("Who"), ANYONE_OF_US, request.user, "who"),
            of_partner(request.user),
        ],
        default_sort="-begins_on",
        empty=_("No rotations yet. Whoever works at a partner for a while learns what no survey says."),
    )
