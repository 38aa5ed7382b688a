"""Tickets as the office reads them, and as partners read theirs."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.editing.row_pages import RowPages
from comity.imports.pages import list_page
from comity.people.access import Request, requires, row_or_404
from comity.tickets import services, tables
from comity.tickets.capabilities import PORTAL, READ, WORK
from comity.tickets.forms import RuleForm
from comity.tickets.models import Source, StateChange, Ticket
from comity.ui.components.timeline import Item


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    whose = _("Whose is it?"), _at("whose"), READ
    table = tables.tickets_table(request)
    return list_page(request, table, _("Tickets"), acts=[whose], profile="tickets")


@requires(PORTAL, "GET")
def portal(request: Request) -> HttpResponseBase:
    """What the reader's partners reported and asked for."""
    return list_page(request, tables.portal_table(request), _("What you reported and asked for"))


@requires(READ, "GET")
def ticket(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Ticket, pk, "partner", "service", "offering", "asked_by")
    context = {
        "ticket": found,
        "state": tables.sign(found),
        "source": Source.objects.visible_to(request.user).filter(key=found.source).first(),
        "changes": [_item(change) for change in found.changes.all()],
    }
    return render(request, "tickets/ticket.html", context)


@requires(PORTAL, "GET")
def portal_ticket(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Ticket, pk, "partner")
    return render(request, "tickets/portal.html", {"ticket": found, "state": tables.sign(found, plain=True)})


@requires(READ, "GET")
def whose(request: Request) -> HttpResponseBase:
    """The rules for whose tickets are, below what no rule is about yet."""
    add = _at("add_rule") if request.user.can(WORK) else ""
    said = [
        (field.label, value, count, add and f"{add}?" + urlencode({"field": field.value, "value": value}))
        for field, value, count in services.unmapped()
    ]
    context = {"unmapped": said, "add": add, "count": Ticket.objects.unmapped().count()}
    return tables.rules_table(request).respond("tickets/whose.html", context)


RULE = RowPages(
    services.RULES,
    RuleForm,
    WORK,
    "rule",
    _l("Whose tickets are these?"),
    _l("Whose is it?"),
    "tickets:whose",
    beside=("partner",),
    asked=("field", "value"),
    parting=_l("Its tickets are whose the other rules say, or nobody’s."),
    told=_l("Saved. All its tickets follow."),
)


def _at(name: str) -> str:
    return reverse(f"tickets:{name}")


def _item(change: StateChange) -> Item:
    """A change of state on the line of time."""
    hold = f" · {change.get_hold_reason_display()}" if change.hold_reason else ""
    clock = date_format(timezone.localtime(change.at), "TIME_FORMAT")
    return Item(change.at, clock, f"{change.get_state_display()}{hold}", body=change.get_priority_display())
