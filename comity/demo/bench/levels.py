"""A month's service levels of a million tickets with three million changes of state, worked out in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.tickets.models import Ticket

FIRST = date(2024, 1, 1)
TICKETS, SECONDS, MEGABYTES = 1_000_000, 60, 1_000
SOURCE, AT_ONCE = "bench", 20_000
FLAT = 1.5  # a ticket of a million may cost so many times what one of a tenth of them costs


def measure_levels() -> bool:
    """Print a line; whether it is within its bounds. The month stays, for what comes round by the clock; so do the tickets."""
    _build()
    print(f"\n{'service levels':<46}{'':>9}{'MB':>9}{'seconds':>9}")
    few, many = (_line(tickets) for tickets in (TICKETS // 10, TICKETS))
    kept = many[0] <= SECONDS and many[1] <= MEGABYTES and many[0] <= 10 * FLAT * few[0]
    print("" if kept else "  over its bound")
    return kept


def _line(tickets: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "comity.demo.bench.levels", str(tickets)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    seconds, megabytes = float(said[-2]), float(said[-1])
    print(f"{f'a month of {tickets:,} tickets':<46}{'':>9}{megabytes:>9.0f}{seconds:>9.1f}", flush=True)
    return seconds, megabytes


def _build() -> None:
    from comity.demo.bench.big import write
    from comity.imports import setwise
    from comity.levels.models import Calendar, Target
    from comity.partners.models import Partner
    from comity.people.models import User
    from comity.services.models import Service
    from comity.tickets.models import StateChange, Ticket

    if Ticket.objects.filter(source=SOURCE).count() >= TICKETS:
        return
    owner = User.objects.filter(kind=User.Kind.OFFICE).order_by("pk")[:1].get()
    service = Service.objects.get_or_create(
        name="Bench", defaults={"promise": "It is quick.", "owner": owner}
    )[0]
    hours = {
        "zone": "America/Chicago",
        "week": "Mon-Fri 08:00-12:00, 13:00-17:00",
        "days": "2024-01-15 closed",
    }
    Calendar.objects.get_or_create(name="Bench", starts_on=FIRST, defaults=hours)
    goals = {
        f"{one}_{n}": said for one, said in (("response", "5 h"), ("resolution", "18 h")) for n in range(1, 6)
    }
    facts = {"calendar": "Bench", "pauses": ["customer"], **goals}
    Target.objects.get_or_create(service=service, starts_on=FIRST - timedelta(days=366), defaults=facts)
    partners = list(Partner.objects.order_by("pk").values_list("pk", flat=True)[:500])
    tickets = _tickets(partners, service.pk)
    while some := list(islice(tickets, AT_ONCE)):
        start = setwise.reserve_ids(Ticket, len(some))
        for pk, (ticket, _changes) in zip(start, some, strict=True):
            ticket.pk = pk
        write(Ticket, (ticket for ticket, _changes in some))
        write(
            StateChange,
            (
                StateChange(
                    ticket_id=ticket.pk, at=at, state=state, hold_reason=reason, priority=ticket.priority
                )
                for ticket, changes in some
                for at, state, reason in changes
            ),
        )


def _tickets(partners: list[int], service: int) -> Iterator[tuple[Ticket, list[tuple[datetime, str, str]]]]:
    from comity.levels.services.clocks import midnight
    from comity.tickets.models import Ticket

    chance, start = Random(16), midnight(FIRST)
    for number in range(TICKETS):
        opened = start + timedelta(seconds=chance.randrange(25 * 86_400))
        answered = opened + timedelta(seconds=chance.randrange(6 * 3600))
        done = answered + timedelta(seconds=chance.randrange(3 * 86_400))
        held = (answered, "on_hold", "customer") if number % 4 == 0 else (answered, "in_progress", "")
        ticket = Ticket(
            source=SOURCE,
            number=f"B{number:07}",
            title="Bench",
            state="resolved",
            history_known=True,
            partner_id=chance.choice(partners),
            service_id=service,
            priority=1 + number % 5,
            opened_at=opened,
            resolved_at=done,
        )
        yield ticket, [(opened, "new", ""), held, (done, "resolved", "")]


def _work_out(tickets: int) -> None:
    """In this process: take away what there was, count, and write."""
    from unittest import mock

    import django

    django.setup()
    from comity.demo.bench.peak import peak_megabytes
    from comity.imports import setwise
    from comity.levels.models import Miss, Month
    from comity.levels.services import months
    from comity.tickets.models import Ticket, TicketQuerySet

    last = Ticket.objects.filter(source=SOURCE).order_by("pk").values_list("pk", flat=True)[tickets - 1]
    whole = TicketQuerySet.of_month

    def some(rows: TicketQuerySet, first: date) -> TicketQuerySet:
        return whole(rows, first).filter(pk__lte=last)

    before = Month.objects.filter(first=FIRST)
    setwise.delete(Miss.objects.filter(result__month__in=before))
    before.delete()
    began = monotonic()
    with mock.patch.object(TicketQuerySet, "of_month", some):
        months.work_out(FIRST)
    took = monotonic() - began
    print(took, peak_megabytes())


if __name__ == "__main__":
    _work_out(int(sys.argv[1]))
