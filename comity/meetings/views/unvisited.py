"""Whom have we not visited? The longest first, against how often their tier asks for it."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.meetings.capabilities import LOG, READ
from comity.meetings.county_map import visits_map
from comity.meetings.services.unvisited import how_many, to_be_visited
from comity.meetings.services.visits import too_long_ago
from comity.office import services as office
from comity.office.pickers import TIER
from comity.partners.models import Partner
from comity.partners.pickers import PARTNER_WORD, looked_after_by
from comity.people.access import Request, requires
from comity.ui.components.days import near_day
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Picked, Search, Table, Toggle


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    user, today = request.user, office.today()
    table = Table(
        request,
        to_be_visited(user, today),
        name="unvisited",
        columns=_columns(may_plan=user.can(LOG)),
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            looked_after_by(user, "pk", today),
            Picked("tier", _("Tier"), TIER, user, "tier"),
            Choice("kind", _("Kind"), Partner.Kind.choices, "kind"),
            Toggle("overdue", _("Overdue only"), lambda rows: rows.filter(too_long_ago(today))),
        ],
        views=[(_("All"), ""), (_("Overdue"), "overdue=1"), (_("Mine"), f"contact={user.pk}")],
        default_sort="-since",
        row_name=str,
        empty=_("Nobody has a visit tier yet. It says how often they should be seen face to face."),
    )
    counted = how_many(user, today)
    lead = _("Ordered by the days since we last met face to face, measured against the goal of each tier.")
    if counted["tierless"]:
        left_out = ngettext(
            "One without a tier is not listed.",
            "%(count)s without a tier are not listed.",
            counted["tierless"],
        )
        lead = f"{lead} {left_out % {'count': counted['tierless']}}"
    context = {"heading": _heading(counted), "lead": lead, "map": visits_map(user)}
    return table.respond("meetings/unvisited.html", context)


def _heading(counted: dict[str, Any]) -> str:
    said = office.words()
    words = {"partner": said.partner, "partners": said.partners, "count": f"{counted['overdue']:,}"}
    if not counted["overdue"]:
        return _("Nobody has waited too long for a visit.")
    overdue = ngettext(
        "%(count)s %(partner)s is overdue for a visit",
        "%(count)s %(partners)s are overdue for a visit",
        counted["overdue"],
    )
    if not counted["never"]:
        return f"{overdue % words}."
    never = _("%(overdue)s, and %(never)s of them we have never met.")
    return never % {"overdue": overdue % words, "never": f"{counted['never']:,}"}


def _columns(*, may_plan: bool) -> list[Column]:
    return [
        Column("name", PARTNER_WORD, link=True),
        Column(
            "since",
            _("Last met"),
            # Never met comes first of all, and of two alike whoever was seen longer ago.
            sort=(F("share").asc(nulls_last=True), F("days").asc(nulls_last=True)),
            value=_since,
            csv="days_since",
            csv_value=lambda row: row.days,
        ),
        Column(
            "goal", _("Goal"), sort="tier__every_days", value=_goal, csv_value=lambda row: row.tier.every_days
        ),
        Column("contact", sort="contact", label=_("Contact"), wide=True),
        Column("kind", wide=True),
        Column(
            "coming",
            _("Next visit"),
            sort=F("coming").asc(nulls_last=True),
            value=lambda row: near_day(row.coming) if row.coming else _("Plan a visit") if may_plan else "",
            link=_next_visit if may_plan else None,
            csv_value=lambda row: row.coming,
        ),
        Column("code", csv_only=True),
        Column("tier", csv_only=True),
        Column("last_met_on", csv_only=True),
        Column("id", csv_only=True),
    ]


def _since(row: Any) -> Any:
    """How long ago, in the color of how far that is beyond the goal."""
    if row.days is None:
        return tag(_("Never"), kind="bad")
    days = ngettext("%(count)s day ago", "%(count)s days ago", row.days) % {"count": f"{row.days:,}"}
    late = row.days > row.tier.every_days
    return tag(days, kind="bad" if row.share >= 150 else "warn") if late else days


def _goal(row: Any) -> str:
    said = ngettext("every day", "every %(count)d days", row.tier.every_days)
    return said % {"count": row.tier.every_days}


def _next_visit(row: Any) -> str:
    if row.coming_pk:
        return reverse("meetings:planned_visit", args=[row.coming_pk])
    return f"{reverse('meetings:plan_visit')}?partner={row.pk}"
