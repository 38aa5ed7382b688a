"""Orders that go out: each is asked for once, by an id of ours, and looked up by it before it is asked for again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.itsm.client import Fields, RefusedError, ServiceNow
from comity.itsm.taking import OURS, link
from comity.tickets.models import Ticket

AGAIN = timedelta(minutes=5)  # after which what was not answered is asked for again, if it is not there


def waiting() -> Any:
    """Tickets that are to be ordered there."""
    return Ticket.objects.filter(order__isnull=False, source="", external_id="").open().order_by("pk")


def push(client: ServiceNow) -> list[str]:
    """Order what waits; a sentence for each that could not be."""
    problems = []
    for ticket in waiting():
        try:
            _push(client, ticket)
        except DomainError as problem:
            problems.append(f"{ticket.number}: {problem}")
    return problems


def _push(client: ServiceNow, ticket: Ticket) -> None:
    """Order one, unless it is there already. A kill between any two lines orders nothing twice."""
    ours, order = f"{OURS}{ticket.pk}", dict(ticket.order)
    request, tried = order.get("request"), order.get("tried_at")
    found = _look_up(client, f"correlation_id={ours}")
    if not (found or request) and (not tried or timezone.now() - datetime.fromisoformat(tried) > AGAIN):
        _note(ticket, tried_at=timezone.now().isoformat())
        variables = {**order.get("variables", {}), "correlation_id": ours}
        request = client.order(str(order.get("item", "")), variables)
        _note(ticket, request=request)
    if not found and request:
        found = _look_up(client, f"request={request}")
    if not found:
        raise RefusedError(_("It was ordered, and ServiceNow does not show it yet."))
    link({**found, "correlation_id": ours})


def _look_up(client: ServiceNow, query: str) -> Fields | None:
    """The item of an order. Raises RefusedError where the condition was passed over, or finds several."""
    field, _equals, value = query.partition("=")
    rows = client.table("sc_req_item", query, fields=("sys_id", "number", field), limit=2).rows
    if len(rows) > 1 or any(row.get(field) != value for row in rows):
        raise RefusedError(_("ServiceNow shows other orders than the one asked for."))
    return rows[0] if rows else None


def _note(ticket: Ticket, **more: str) -> None:
    ticket.order = {**ticket.order, **more}
    Ticket.objects.filter(pk=ticket.pk).update(order=ticket.order)
