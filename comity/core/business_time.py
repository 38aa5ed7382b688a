"""Counting in days on which an office is open.

Worked example: docs/calculations/business-time.md.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

SATURDAY, SUNDAY = 5, 6
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class BusinessCalendar:
    """Which days are open: neither at the weekend nor one of `closed_days`.

    closed_days  public holidays and the office's own closures; those at a weekend change nothing
    weekend      weekdays that are never open, Monday is 0

    The three questions agree: for any day, `days_between(day, add_days(day, n)) == n`.
    Raises ValueError if no weekday is left to be open.
    """

    closed_days: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})

    def __post_init__(self) -> None:
        object.__setattr__(self, "closed_days", frozenset(self.closed_days))
        object.__setattr__(self, "weekend", frozenset(self.weekend))
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

    def days_between(self, start: date, end: date) -> int:
        """Open days after `start` up to and including `end`; the same, negative, the other way round."""
        if end < start:
            return -self.days_between(end, start)
        return self._workdays(start, end) - (self._closed_up_to(end) - self._closed_up_to(start))

    def _workdays(self, start: date, end: date) -> int:
        """Days after `start` up to `end` that are no weekend, without looking at each."""
        weeks, rest = divmod((end - start).days, 7)
        odd = sum((end.weekday() - back) % 7 not in self.weekend for back in range(rest))
        return weeks * (7 - len(self.weekend)) + odd

    def _closed_up_to(self, day: date) -> int:
        return bisect_right(self._closed_workdays, day)

    @cached_property
    def _closed_workdays(self) -> list[date]:
        return sorted(day for day in self.closed_days if day.weekday() not in self.weekend)
