"""The clock of a ticket: from the states it went through to what it counts, when it is due, and whether that was kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from comity.core.service_levels.hours import Openings, Span

NEW, CANCELED = "new", "cancelled"
SETTLED = frozenset({"resolved", "closed", CANCELED})


class Step(NamedTuple):
    """From a moment on, in seconds since 1970, a ticket is in a state and has a priority."""

    at: int
    state: str
    priority: int


class Verdict(StrEnum):
    """What a clock says. `LATE` is still open and already over its time; it counts as missed, else a backlog would hide."""

    MET = "met"
    MISSED = "missed"
    LATE = "late"
    OPEN = "open"  # still within its time, and not counted yet
    OUT = "out"  # canceled, and not counted


MISSED = (Verdict.MISSED, Verdict.LATE)


@dataclass(frozen=True)
class Target:
    """How long something may take, and what its clock does.

    seconds      of the calendar's openings
    pauses       the states in which it stands still
    ends         the states in which it is over
    once         what comes after the first end counts no more: of a response
    anew         a ticket that is reopened begins at nothing; else the time that it was over was a pause
    from_change  it counts from the last change of priority; else from the opening
    """

    seconds: int
    pauses: frozenset[str] = frozenset()
    ends: frozenset[str] = SETTLED
    once: bool = False
    anew: bool = False
    from_change: bool = False


class Level(NamedTuple):
    """What the clock says at a moment.

    elapsed  seconds that it counted
    due      when its time is over: the first moment at which all of it is used. Where the clock is over or stands still, if it
             went on from there. None where that is later than the openings know
    spans    the times at which it ran; those of them that are open are `Openings.within`
    stopped  when it was over; None while it is not
    """

    elapsed: int
    due: int | None
    verdict: Verdict
    spans: Sequence[Span]
    stopped: int | None

    @property
    def decided(self) -> int | None:
        """When it came to count: it was over in time, or its time was over."""
        if self.verdict is Verdict.MET:
            return self.stopped
        return self.due if self.verdict in MISSED else None


def history(opened: int, steps: Iterable[Step], priority: int) -> list[Step]:
    """The steps of a ticket in order, from its opening on. What is told of before it was opened is how it was opened.

    steps     in any order; of several at one moment the last holds
    priority  where no step says one
    """
    found = sorted(steps, key=itemgetter(0))
    early = [step for step in found if step[0] <= opened]
    if early:
        return [Step(opened, *early[-1][1:]), *found[len(early) :]]
    return [Step(opened, NEW, found[0][2] if found else priority), *found]


def measure(openings: Openings, target: Target, steps: Sequence[Step], now: int) -> Level:
    """What the clock of a ticket says at a moment; what came later is as if it had not been.

    steps  as `history` gives them
    """
    spans, stopped, last = _runs(target, steps, now)
    elapsed, until = 0, openings.until
    left: int | None = target.seconds
    due: int | None = None
    for start, end in spans:
        counted = until(end) - until(start)
        elapsed += counted
        if left is not None:
            if counted >= left:
                due, left = openings.reached(until(start) + left), None
            else:
                left -= counted
    if left is not None:
        due = openings.reached(until(now if stopped is None else stopped) + left)
    if last == CANCELED:
        verdict = Verdict.OUT
    elif stopped is None:
        verdict = Verdict.OPEN if elapsed <= target.seconds else Verdict.LATE
    else:
        verdict = Verdict.MET if elapsed <= target.seconds else Verdict.MISSED
    return Level(elapsed, due, verdict, spans, stopped)


def _runs(target: Target, steps: Sequence[Step], now: int) -> tuple[list[Span], int | None, str]:
    """The times at which the clock ran until now, when it was over, and the state the ticket is in."""
    spans: list[Span] = []
    begun = stopped = None
    last = ""
    for at, state, _priority in steps:
        if at > now:
            break
        last, ended = state, state in target.ends
        if stopped is not None and (ended or target.once):
            continue
        if stopped is not None:
            stopped, spans = None, [] if target.anew else spans
        runs = not ended and state not in target.pauses
        if runs and begun is None:
            begun = at
        elif not runs and begun is not None:
            spans.append((begun, at))
            begun = None
        if ended:
            stopped = at
    if begun is not None:
        spans.append((begun, now))
    if target.from_change:
        since = _changed(steps, now if stopped is None else stopped)
        spans = [(max(start, since), end) for start, end in spans if end > since]
    return spans, stopped, last


def _changed(steps: Sequence[Step], until: int) -> int:
    """When the priority changed last while the clock was not over; the opening, if never."""
    changes = [now.at for was, now in pairwise(steps) if now.priority != was.priority and now.at < until]
    return changes[-1] if changes else steps[0].at
