"""The lists of what is known of partners' business, and of who understands whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.business.capabilities import UNDERSTAND
from comity.business.models import Mission, Season, Understanding
from comity.business.parts import Kind
from comity.business.services import coming
from comity.nouns import Words
from comity.office.services import today
from comity.partners.models import Partner
from comity.partners.pickers import PARTNER_WORD, looked_after_by, of_partner
from comity.people.access import Request
from comity.people.pickers import ANYONE_OF_US
from comity.ui.tables import Choice, Column, Picked, Search, Table, Toggle, only_csv


def partners_table(request: Request, links: Sequence[tuple[Words, str]]) -> Table:
    """Everybody who is served today, with what is written of them."""
    served = Partner.objects.visible_to(request.user).served()
    written = Mission.objects.filter(partner=OuterRef("pk"))
    return Table(
        request,
        served.select_related("mission").prefetch_related(
            Prefetch("business_season", Season.objects.order_by("starts_on", "pk"), "seasons")
        ),
        name="business",
        columns=[
            Column("name", link=lambda row: reverse("business:of_partner", args=[row.pk])),
            Column("code", wide=True),
            Column("mission", _("Mission"), value=_mission, wide=True, sort=""),
            Column("near", _("Coming up"), value=_near),
            Column("id", csv_only=True),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            Choice("kind", _("Kind"), Partner.Kind.choices, "kind"),
            looked_after_by(request.user, "pk", today()),
            Toggle("written", _("With a mission"), lambda rows: rows.filter(Exists(written))),
            Toggle("gap", _("Nobody understands it"), Understanding.objects.without),
        ],
        views=[
            (_("All"), ""),
            (_("With a mission"), "written=1"),
            (_("Nobody of us understands it"), "gap=1"),
        ],
        links=links,
        default_sort="name",
        empty=_("Nobody is served yet."),
    )


def _mission(row: Any) -> str:
    return str(row.mission.mission) if hasattr(row, "mission") else ""


def _near(row: Any) -> str:
    found = coming(row.seasons, today())
    return str(found[0]) if found else ""


def parts_table(request: Request, kind: Kind) -> Table:
    """All of one part, whosever it is."""
    first, *others = kind.model.ASKED
    return Table(
        request,
        kind.model.objects.visible_to(request.user).select_related("partner"),
        name=kind.slug,
        columns=[
            Column(first, link=True),
            Column("partner", PARTNER_WORD, csv_value=lambda row: row.partner.code or row.partner.name),
            Column("partner_name", csv_only=True, value=lambda row: row.partner.name),
            *(Column(name, wide=True) for name in others),
            Column("id", csv_only=True),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            of_partner(request.user),
            looked_after_by(request.user, "partner", today()),
        ],
        default_sort="partner",
        empty=_("None yet. They are added on the page of whom they belong to."),
    )


def register_table(request: Request) -> Table:
    may = request.user.can(UNDERSTAND)
    return Table(
        request,
        Understanding.objects.visible_to(request.user).at_work().select_related("user", "partner"),
        name="understanding",
        columns=[
            Column(
                "user",
                _("Who"),
                link=(lambda row: row.get_absolute_url()) if may else None,
                csv_value=lambda row: row.user.email,
            ),
            Column(
                "partner",
                _("Understands"),
                value=lambda row: row.of_what,
                csv_value=lambda row: row.partner and (row.partner.code or row.partner.name),
            ),
            Column("level"),
            Column("since"),
            Column("note", wide=True),
            *only_csv("kind", "id"),
        ],
        filters=[
            Picked("user", _("Who"), ANYONE_OF_US, request.user, "user"),
            of_partner(request.user),
            Choice("kind", _("Kind"), Partner.Kind.choices, "kind"),
            Choice("level", _("How well"), Understanding.Level.choices, "level"),
        ],
        default_sort="user",
        empty=_("Nobody stands in the register yet."),
    )
