"""The clock of a ticket, by the targets and calendars in force: all versions are read once, and each calendar is prepared once."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, F, Func

from comity.core.service_levels import SETTLED, Hours, Level, Openings, Step, history, measure, seconds_of
from comity.core.service_levels import Target as Goal
from comity.levels.models import OF_TICKETS, RESPONSE, Calendar, Target
from comity.office.services import time_zone
from comity.tickets.models import Hold, State, StateChange, Ticket

FIRST = date(2000, 1, 1)
AHEAD = timedelta(days=800)  # how far behind a month's end its due moments may lie
Versions = tuple[tuple[date, str, str, str], ...]
Key = tuple[int, int | None]  # of a service, and of an offering


class Seconds(Func):
    """A moment in the database as whole seconds since 1970: a hundred times quicker than as a datetime."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
        return self.as_sql(compiler, connection, template=template, **more)


class Told(NamedTuple):
    """What a clock asks of a ticket; moments in seconds."""

    pk: int
    partner: int | None
    service: int | None
    offering: int | None
    priority: int
    state: str
    known: bool
    opened: int
    settled: int | None

    @property
    def is_backwards(self) -> bool:
        return self.settled is not None and self.settled < self.opened


FIELDS = ("pk", "partner_id", "service_id", "offering_id", "priority", "state", "history_known")
Changes = dict[int, list[Step]]


def state_key(state: str, reason: str) -> str:
    """As a clock tells states apart: on hold by whom it waits for."""
    return f"{state}.{reason}" if reason else state


HELD = [state_key(State.ON_HOLD, reason) for reason in Hold.values]
ANSWERED = frozenset([State.IN_PROGRESS.value, *HELD, *SETTLED])


def told(rows: Any) -> Iterator[Told]:
    """Some tickets, one after the other."""
    found = rows.values_list(*FIELDS, Seconds(F("opened_at")), Seconds(F("settled_at")))
    return (Told(*row) for row in found.iterator(5_000))


def changes_of(tickets: Iterable[int]) -> Changes:
    """The changes of these, whose keys are in order; and of some between them."""
    keys = list(tickets)
    near: dict[str, Any] = {"ticket__in": keys}
    if keys and keys[-1] - keys[0] < 4 * len(keys):  # as most are; a span is read twice as quickly as a list
        near = {"ticket__gte": keys[0], "ticket__lte": keys[-1]}
    rows = StateChange.objects.filter(**near).order_by()
    found: Changes = defaultdict(list)
    fields = "ticket_id", "state", "hold_reason", "priority"
    for ticket, state, reason, priority, at in rows.values_list(*fields, Seconds(F("at"))):
        found[ticket].append(Step(at, f"{state}.{reason}" if reason else state, priority))
    return found


@dataclass(frozen=True)
class Rule:
    """A target as clocks read it: by measure and priority."""

    target: Target
    openings: Openings
    goals: dict[tuple[str, int], Goal]


class Measured(NamedTuple):
    """What a target says of a ticket; without a level where its answer is not known."""

    measure: str
    priority: int
    level: Level | None
    rule: Rule
    goal: Goal

    def decided_within(self, start: int, end: int) -> bool:
        """Whether it came to count then: it was done in time, or its time was over."""
        at = self.level.decided if self.level else None
        return at is not None and start <= at < end


@lru_cache(maxsize=32)
def _openings(versions: Versions, last: date) -> Openings:
    """Kept by all that it is made of, so that it can never be an old one."""
    return Openings([(on, Hours.read(*said)) for on, *said in versions], FIRST, last)


def midnight(on: date) -> datetime:
    """When a day begins at the office."""
    return datetime.combine(on, time(), time_zone())


def seconds(on: date) -> int:
    return int(midnight(on).timestamp())


class Clocks:
    """All targets, for tickets looked at as they stood when a day began (the one after a month), or at another moment."""

    def __init__(self, end: date, now: datetime | None = None) -> None:
        self.now = int(now.timestamp()) if now else seconds(end)
        versions: dict[str, list[tuple[date, str, str, str]]] = defaultdict(list)
        for row in Calendar.objects.order_by("name", "starts_on"):
            versions[row.name].append((row.starts_on, row.zone, row.week, row.days))
        last = date((end + AHEAD).year, 12, 31)
        self.rules: dict[Key, tuple[Sequence[int], Sequence[Rule]]] = {}
        for target in Target.objects.select_related("service", "offering__service").order_by("starts_on"):
            key = target.service_id, target.offering_id
            rule = _rule(target, tuple(versions[target.calendar]), last)
            starts, rules = self.rules.get(key, ((), ()))
            self.rules[key] = (*starts, seconds(target.starts_on)), (*rules, rule)

    def rule(self, service: int, offering: int | None, at: int) -> Rule | None:
        """What held at a moment: of the offering, else of its service."""
        starts, rules = self.rules.get((service, offering), ((), ()))
        if found := bisect_right(starts, at):
            return rules[found - 1]
        return self.rule(service, None, at) if offering else None

    def measured(self, ticket: Told, changes: Iterable[Step]) -> list[Measured]:
        """What the target of a ticket says of it; nothing without one, or of a ticket resolved before it was opened."""
        rule = self.rule(ticket.service, ticket.offering, ticket.opened) if ticket.service else None
        if rule is None or ticket.is_backwards:
            return []
        steps = self.steps(ticket, changes)
        priority = next((step[2] for step in reversed(steps) if step[0] <= self.now), ticket.priority)
        found = []
        for one in OF_TICKETS:
            if goal := rule.goals.get((one, priority)):
                known = ticket.known or one != RESPONSE
                level = measure(rule.openings, goal, steps, self.now) if known else None
                found.append(Measured(one, priority, level, rule, goal))
        return found

    def steps(self, ticket: Told, changes: Iterable[Step]) -> list[Step]:
        """Its history; of one that is not known, only when it was opened and when it was settled."""
        if ticket.known:
            return history(ticket.opened, changes, ticket.priority)
        ended = ticket.state if ticket.state in SETTLED else "resolved"
        after = [] if ticket.settled is None else [Step(ticket.settled, ended, ticket.priority)]
        return [Step(ticket.opened, State.NEW, ticket.priority), *after]

    def of(self, ticket: Ticket) -> tuple[list[Measured], list[Step]]:
        """The clocks of one ticket, and its history until now."""
        facts = next(told(Ticket.objects.filter(pk=ticket.pk)))
        changes = changes_of([ticket.pk])[ticket.pk]
        steps = [step for step in self.steps(facts, changes) if step.at <= self.now]
        return self.measured(facts, changes), steps


def _rule(target: Target, versions: Versions, last: date) -> Rule:
    openings = _openings(versions, last)
    on = max((row for row in versions if row[0] <= target.starts_on), default=versions[0])
    hours = Hours.read(*on[1:])
    pauses = frozenset(state_key(State.ON_HOLD, reason) for reason in target.pauses)
    ways = {"anew": target.anew, "from_change": target.from_change}
    goals = {}
    for one in OF_TICKETS:
        first = one == RESPONSE
        waits, ends = (frozenset(), ANSWERED) if first else (pauses, SETTLED)
        for priority, said in target.goals(one).items():
            goals[one, priority] = Goal(seconds_of(said, hours), waits, ends, once=first, **ways)
    return Rule(target, openings, goals)
