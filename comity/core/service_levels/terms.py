"""Targets as people write them, the availability of a month, and what a missed level gives back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from comity.core.billing.money import half_up
from comity.core.errors import DomainError
from comity.core.service_levels.hours import Hours, Span

_GOAL = re.compile(r"(\d{1,4}(?:\.\d{1,2})?) *(min|h|days?)")
_SECONDS = {"min": 60, "h": 3600}


def seconds_of(said: str, hours: Hours) -> int:
    """Of a target such as "30 min", "4 h" or "2 days", which are working days of the calendar.

    Raises DomainError for what is none, and for nothing.
    """
    found = _GOAL.fullmatch(said.strip().lower())
    if found is None:
        raise DomainError(f"“{said}”: write a target like 30 min, 4 h or 2 days.")
    seconds = Decimal(found[1]) * _SECONDS.get(found[2], hours.working_day)
    if seconds < 60:
        raise DomainError(f"“{said}”: a target is one minute or more. Leave it empty for none.")
    return int(seconds)


class Up(NamedTuple):
    """Seconds of a month: those in which it should run, and those of them in which it did not."""

    agreed: int
    down: int

    @property
    def percent(self) -> Decimal:
        """How much of the time it ran; of no time, all."""
        return Decimal(100) if not self.agreed else 100 - Decimal(100 * self.down) / self.agreed


def availability(first: int, end: int, outages: Iterable[Span], announced: Iterable[Span]) -> Up:
    """How long it ran from one moment to another, without the maintenance that was announced. What overlaps counts once."""
    windows = _joined(announced, first, end)
    down = _joined(outages, first, end)
    shared = sum(
        max(0, min(a[1], b[1]) - max(a[0], b[0]))
        for a in down
        for b in windows
        if a[0] < b[1] and b[0] < a[1]
    )
    return Up(end - first - _length(windows), _length(down) - shared)


def _joined(spans: Iterable[Span], first: int, end: int) -> list[Span]:
    found: list[Span] = []
    for start, stop in sorted((max(start, first), min(stop, end)) for start, stop in spans):
        if start >= stop:
            continue
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(stop, found[-1][1])
        else:
            found.append((start, stop))
    return found


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)


def credit(charge_cents: int, at_risk: Decimal, weight: Decimal) -> int:
    """What a month's charge gives back for missed levels, in cents, half up; never more than what is at risk.

    at_risk  percent of the charge
    weight   percent of what is at risk, of all levels that were missed together
    """
    return half_up(charge_cents * at_risk / 100 * min(weight, Decimal(100)) / 100)
