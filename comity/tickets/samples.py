"""Two years of tickets of the State of Franklin: 30,000 out of its ServiceNow and an older help desk.

Stories: Agriculture waits longer since its contact left; the help desk got better from year to year; some of what the
tools say of a ticket leads to nobody yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from comity.office.services import time_zone, today
from comity.partners.models import Partner, Position
from comity.people.models import User
from comity.services.models import Service
from comity.tickets.models import Owner, Source, State, Ticket
from comity.tickets.receiving import Change, Seen, from_source
from comity.tickets.services import open_ticket, set_state

MANY, DAYS = 30_000, 730
WITHOUT_CONTACT = "AGR"
TOOLS: tuple[dict[str, Any], ...] = (
    {"key": "snow", "name": "ServiceNow", "zone": "UTC"},
    {"key": "desk", "name": "Old help desk (Jira)", "zone": "America/Chicago", "day_first": True},
)
# service: group, share of all, what it is about, what is wrong with it
ABOUT: dict[str, tuple[str, int, list[str], list[str]]] = {
    "Help desk": (
        "Service desk",
        40,
        [
            "printer",
            "laptop",
            "badge reader",
            "label printer",
            "scanner",
            "docking station",
            "tablet",
            "second screen",
            "card terminal",
            "keyboard of the counter",
            "projector",
            "fingerprint reader",
        ],
        [
            "does not start",
            "makes a grinding noise",
            "lost its settings overnight",
            "is not found by Windows",
            "asks for a password that nobody knows",
            "froze during a hearing",
            "shows a blue screen at noon",
        ],
    ),
    "Email and office software": (
        "Messaging",
        22,
        [
            "shared mailbox",
            "calendar",
            "distribution list",
            "meeting link",
            "spreadsheet of the budget office",
            "out-of-office note",
            "mail archive",
            "spam filter",
            "address book",
        ],
        [
            "cannot be opened",
            "is missing since the update",
            "sends everything twice",
            "is over its limit",
            "shows last week’s entries",
            "rejects mail from counties",
            "forgot who may read it",
        ],
    ),
    "State network": (
        "Network operations",
        16,
        ["line", "wireless network", "VPN", "guest network", "firewall rule", "router in the basement"],
        [
            "drops every few minutes",
            "is slow in the afternoon",
            "is down",
            "lets nobody in before eight",
            "blocks the payment page",
            "was not back after the storm",
        ],
    ),
    "Server hosting": (
        "Server team",
        10,
        ["licensing system", "case file system", "test server", "print server", "public map", "intake form"],
        [
            "answers with an error",
            "ran out of disk space",
            "is down after patching",
            "needs a restart each Monday",
            "shows another agency’s logo",
            "lost its certificate",
        ],
    ),
    "Backup": (
        "Storage team",
        5,
        [
            "file of last year’s grants",
            "folder of the audit",
            "database of inspections",
            "drawing of the bridge",
        ],
        ["was overwritten and is wanted back", "was deleted by mistake", "is needed as it was on Friday"],
    ),
    "Telephones": (
        "Telephony",
        7,
        ["phone at the front desk", "voice menu", "conference line", "fax of the records room", "hotline"],
        [
            "does not ring",
            "plays the holiday greeting",
            "cuts off after a minute",
            "connects to a pizza shop",
        ],
    ),
}
PLACES = [
    "Elm Street",
    "the annex",
    "the lab",
    "the courthouse",
    "Depot Road",
    "the north yard",
    "the mail room",
]
PLACES += [
    "the third floor",
    "the field office",
    "the records room",
    "the clinic",
    "Station 4",
    "the warehouse",
]
ASKED = ["A laptop for a new colleague in", "Access to the shared drive for", "A desk phone for", "A move to"]
ASKED += ["Training on the new forms for", "A second line for", "Software for drawing plans in"]
NOBODYS = [
    "Franklin Shared Svcs",
    "Dept of Revnue",
    "Capitol Facilities",
    "Contractor pool",
    "DO NOT USE - old",
]
HOURS = {1: 4, 2: 9, 3: 30, 4: 80, 5: 160}


def tickets(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    Source.objects.bulk_create(Source(**facts) for facts in TOOLS)
    served = sorted(partners.values(), key=lambda each: (-(each.headcount or 0), each.name))[:70]
    Owner.objects.bulk_create(
        Owner(field="department" if each.kind == "agency" else "company", value=each.name, partner=each)
        for each in served
    )
    drawn = Drawn(served)
    from_source("desk", drawn.rows("HD-", 0, MANY // 6))
    from_source("snow", drawn.rows("INC", MANY // 6, MANY))
    _worked_here(staff, partners)


def _worked_here(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    """Three requests that the office works on itself."""
    for code, title, state, hold in (
        ("DOR", "Forty accounts for seasonal clerks", State.IN_PROGRESS, ""),
        ("DOR", "A card terminal for the Larkspur counter", State.ON_HOLD, "customer"),
        ("AGR", "A shared mailbox for seed inspections", State.NEW, ""),
    ):
        if code in partners:
            made = open_ticket(title=title, partner=partners[code], by=staff["ana"])
            Ticket.objects.filter(pk=made.pk).update(promised_on=timezone.localdate() + timedelta(days=9))
            if state != State.NEW:
                set_state(made, state, hold_reason=hold, by=staff["sam"])


class Drawn:
    """Tickets drawn from the lists above; the same ones every time."""

    def __init__(self, served: list[Partner]) -> None:
        self.random = Random(16)  # noqa: S311  (a sample)
        self.now, self.zone = timezone.now().replace(microsecond=0), time_zone()
        self.served = served
        self.weights = [min(each.headcount or 0, 4_000) + 150 for each in served]
        keys = dict(Service.objects.values_list("name", "pk"))
        # Some sign their tickets: the clerks of whom each agency has a few.
        clerks = Position.objects.current(today()).held().filter(function=Position.Function.OTHER)
        self.callers: dict[int, list[str]] = {}
        for partner, name in clerks.order_by("pk").values_list("partner", "person__name"):
            self.callers.setdefault(partner, []).append(name)
        self.services = [(name, keys[name], *about) for name, about in ABOUT.items() if name in keys]

    def rows(self, prefix: str, first: int, last: int) -> Iterator[Seen]:
        """The older before the newer; those of the old help desk say no history, and neither does every tenth."""
        for at in range(first, last):
            yield self._one(f"{prefix}{10_000 + at:07d}", at, at >= MANY // 6 and at % 10 > 0)

    def _one(self, number: str, at: int, told: bool) -> Seen:
        name, service, group, _share, things, faults = self.random.choices(
            self.services, [each[3] for each in self.services]
        )[0]
        opened = self._opened(at)
        partner = self.random.choices(self.served, self.weights)[0]
        request = at % 5 == 4
        place = f"{self.random.choice(PLACES)}, room {self.random.randint(1, 480)}"
        thing = self.random.choice(things)
        title = f"{self.random.choice(ASKED)} {place}"
        if not request:
            title = f"The {thing} in {place}, {self.random.choice(faults)}"
        priority = self.random.choices((1, 2, 3, 4, 5), (2, 10, 50, 30, 8))[0]
        hours = HOURS[priority] * self._slowness(name, partner, at) * self.random.uniform(0.1, 1.15)
        changes = self._changes(opened, priority, timedelta(hours=hours))
        last = changes[-1]
        done = {one.state: one.at for one in changes}
        values: dict[str, Any] = {
            "kind": Ticket.Kind.REQUEST if request else Ticket.Kind.INCIDENT,
            "title": title,
            "service": service,
            "group": group,
            "item": "" if request else f"{thing[:3].upper()}-{at % 900:03d}",
            "state": last.state,
            "hold_reason": last.hold_reason,
            "priority": last.priority,
            "opened_at": opened,
            "resolved_at": done.get(State.RESOLVED) if last.state in {State.RESOLVED, State.CLOSED} else None,
            "closed_at": done.get(State.CLOSED) or done.get(State.CANCELLED),
            "source_updated_at": last.at,
            "said_by": self._said_by(partner, at),
        }
        return Seen(number, values, changes=changes if told else ())

    def _opened(self, at: int) -> datetime:
        """On working days from eight to five, most of them; a few at night and on weekends."""
        day = (self.now - timedelta(days=DAYS - at * DAYS // MANY)).astimezone(self.zone).date()
        if day.weekday() > 4 and self.random.random() < 0.9:
            day -= timedelta(days=day.weekday() - 4)
        minute = self.random.randint(0, 59)
        hour = (
            self.random.randint(8, 16) if self.random.random() < 0.93 else self.random.choice((5, 6, 19, 22))
        )
        return min(datetime.combine(day, time(hour, minute), self.zone), self.now - timedelta(minutes=5))

    def _slowness(self, name: str, partner: Partner, at: int) -> float:
        """How much longer it took than it should."""
        slow = 1.5 - 0.9 * at / MANY if name == "Help desk" else 0.9
        if partner.code == WITHOUT_CONTACT and at > MANY * 3 // 4:
            slow *= 2.6
        return slow * (self.random.uniform(2, 5) if self.random.random() < 0.05 else 1)

    def _changes(self, opened: datetime, priority: int, takes: timedelta) -> list[Change]:
        """From new to closed, as far as it came until now."""
        steps = [(0.0, State.NEW, ""), (0.15, State.IN_PROGRESS, "")]
        chance = self.random.random()
        if chance < 0.25:
            reason = self.random.choice(("customer", "customer", "vendor", "change"))
            steps += [(0.4, State.ON_HOLD, reason), (0.7, State.IN_PROGRESS, "")]
        if chance > 0.97:
            steps += [(1.0, State.CANCELLED, "")]
        else:
            steps += [(1.0, State.RESOLVED, "")]
            steps += [(1.5, State.IN_PROGRESS, ""), (2.0, State.RESOLVED, "")] if chance > 0.94 else []
            steps += [(steps[-1][0] + 3, State.CLOSED, "")]
        found = [Change(opened + takes * share, state, hold, priority) for share, state, hold in steps]
        return [found[0], *(one for one in found[1:] if one.at <= self.now)]

    def _said_by(self, partner: Partner, at: int) -> dict[str, str]:
        if at % 130 == 0:
            return {"company": self.random.choice(NOBODYS), "location": self.random.choice(PLACES)}
        field = "department" if partner.kind == "agency" else "company"
        said = {field: partner.name, "location": self.random.choice(PLACES)}
        clerks = self.callers.get(partner.pk, []) if at > MANY * 0.97 else []
        return {**said, "caller": clerks[at % len(clerks)]} if clerks else said
