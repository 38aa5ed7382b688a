"""The lists of tickets, for the office and for partners."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comity.partners.pickers import PARTNER_WORD, of_partner
from comity.people.access import Request
from comity.services.models import Service
from comity.tickets.capabilities import WORK
from comity.tickets.lists import HERE, sources
from comity.tickets.models import Owner, Priority, State, Ticket
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, DateRange, Search, Table, Toggle, only_csv

MOST_COUNTED = 20_000
SIGNS = {State.NEW: "warn", State.ON_HOLD: "none", State.RESOLVED: "good", State.CLOSED: "good"}


def sign(ticket: Ticket, *, plain: bool = False) -> Any:
    """Its state as a tag; in plain words for partners."""
    words = ticket.plain_state if plain else ticket.get_state_display()
    return tag(words, kind=SIGNS.get(State(ticket.state), ""))


def _find(rows: Any, text: str) -> Any:
    """By number, in small letters too."""
    return rows.filter(number__in=[text, text.upper()])


def _opened(rows: Any, first: date | None, last: date | None) -> Any:
    """Of days of the reader's; by moments, which are indexed."""
    zone = timezone.get_current_timezone()
    if first:
        rows = rows.filter(opened_at__gte=datetime.combine(first, time(), zone))
    return rows.filter(opened_at__lt=datetime.combine(last, time(), zone) + timedelta(1)) if last else rows


def tickets_table(request: Request) -> Table:
    """All tickets; its filters are indexed, since there may be a million."""
    rows = Ticket.objects.visible_to(request.user).select_related("partner", "service")
    return Table(
        request,
        rows.defer("description", "office_notes"),
        name="tickets",
        columns=[
            Column("number", link=True, whole=True, sort=""),
            Column("title", sort=""),
            Column(
                "partner",
                PARTNER_WORD,
                sort="",
                link=lambda row: row.partner.get_absolute_url() if row.partner else "",
                value=lambda row: row.partner or _("nobody’s yet"),
                csv_value=lambda row: row.partner and (row.partner.code or row.partner.name),
            ),
            Column("service", sort="", wide=True),
            Column("state", value=sign, csv_value=lambda row: row.state, sort=""),
            Column("priority", sort="", wide=True),
            Column("opened_at"),
            Column("settled_at", _("Settled"), wide=True),
            *only_csv("kind", "hold_reason", "resolved_at", "closed_at", "promised_on", "item", "group"),
            *only_csv("source", "id"),
        ],
        filters=[
            Search("q", _("Number"), _find),
            of_partner(request.user, none=_("nobody’s yet")),
            Choice("service", _("Service"), Service.objects.visible_to(request.user), "service"),
            Choice("kind", _("Kind"), Ticket.Kind.choices, "kind"),
            Choice("state", _("State"), State.choices, "state"),
            Choice("priority", _("Priority"), Priority.choices, "priority"),
            Choice("source", _("Source"), sources, lambda rows, key: rows.filter(source=key.strip(HERE))),
            DateRange("opened", _("Opened"), _opened),
            Toggle("open", _("Open only"), lambda rows: rows.open()),
        ],
        views=[
            (pgettext("view of a list", "All"), ""),
            (pgettext("tickets", "Open"), "open=1"),
            (_("Nobody’s yet"), "partner=-"),
        ],
        default_sort="-opened_at",
        most_counted=MOST_COUNTED,
        empty=_("No tickets yet."),
    )


def portal_table(request: Request) -> Table:
    """What the reader's partners have reported and asked for."""
    return Table(
        request,
        Ticket.objects.visible_to(request.user).select_related("partner"),
        name="portal-tickets",
        columns=[
            Column("number", link=lambda row: row.portal_url, whole=True, sort=""),
            Column("title", sort=""),
            Column("partner", _("Whose"), sort="", wide=True),
            Column(
                "state",
                _("Where it stands"),
                value=partial(sign, plain=True),
                csv_value=lambda row: row.plain_state,
            ),
            Column("opened_at", _("Since")),
            Column("promised_on"),
        ],
        filters=[
            Search("q", _("Number"), _find),
            Choice("kind", _("Kind"), Ticket.Kind.choices, "kind"),
            Toggle("open", _("Open only"), lambda rows: rows.open()),
        ],
        views=[(pgettext("view of a list", "All"), ""), (pgettext("tickets", "Open"), "open=1")],
        default_sort="-opened_at",
        export_name="tickets",
        empty=_("Nothing yet."),
    )


def _rule(row: Owner) -> str:
    return reverse("tickets:edit_rule", args=[row.pk])


def rules_table(request: Request) -> Table:
    """Whose tickets are."""
    return Table(
        request,
        Owner.objects.visible_to(request.user).select_related("partner"),
        name="ticket-owners",
        columns=[
            Column("value", link=_rule if request.user.can(WORK) else None),
            Column("field"),
            Column("partner", PARTNER_WORD, csv_value=lambda row: row.partner.code or row.partner.name),
            Column("id", csv_only=True),
        ],
        filters=[of_partner(request.user)],
        default_sort="value",
        empty=_("No rules yet."),
    )
