"""The service levels of ServiceNow (`task_sla`) for a ticket that came from there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

from comity.itsm.models import Seen
from comity.itsm.taking import CLOCKS, SOURCE, moment
from comity.tickets.models import Ticket
from comity.tickets.their_clocks import TheirClock

BEGIN = datetime(1970, 1, 1, tzinfo=UTC)  # a duration is a moment counted from here


def of(ticket: Ticket) -> Iterator[TheirClock]:
    """As they were read last; those that were canceled there are left out."""
    if ticket.source != SOURCE or not ticket.external_id:
        return
    rows = Seen.objects.filter(feed__name=CLOCKS.name, parent=ticket.external_id).order_by("sys_id")
    for said in rows.values_list("data", flat=True):
        if said and said.get("stage") != "cancelled":
            took, due = _moment(said.get("business_duration")), _moment(said.get("planned_end_time"))
            ran = took - BEGIN if took else None
            yield TheirClock(said.get("sla.name", ""), ran, due, said.get("has_breached") == "true")


def _moment(text: str | None) -> datetime | None:
    """As `taking.moment` reads it; None where it is none."""
    with suppress(ValueError):
        return moment(text or "")
    return None
