"""Counting in days on which an office is open.

Worked example: docs/calculations/business-time.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY, SUNDAY = 5, 6
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class BusinessCalendar:
    """Which days are open: neither at the weekend nor one of `closed_days`.

    closed_days  public holidays and the office's own closures; those at a weekend change nothing
    weekend      weekdays that are never open, Monday is 0

    Raises ValueError if no weekday is left to be open.
    """

    closed_days: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})

    def __post_init__(self) -> None:
        if self.weekend >= frozenset(range(7)):
            raise ValueError("An office has to be open on some weekday.")

    def is_open(self, day: date) -> bool:
        """Whether the office works on this day."""
        return day.weekday() not in self.weekend and day not in self.closed_days

    def add_days(self, day: date, n: int) -> date:
        """The n-th open day after `day`; before it if `n` is negative; `day` itself, open or not, if it is 0."""
        step = A_DAY if n >= 0 else -A_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_open(day)
        return day
