"""Chance that falls the same way every time: one seed, one sample state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")


class Chance:
    """A seeded source of choices, and of working moments counted back from today."""

    def __init__(self, seed: int, today: date, zone: ZoneInfo) -> None:
        self._random = Random(seed)
        self.today = today
        self.zone = zone

    def one_of(self, choices: Sequence[T]) -> T:
        return self._random.choice(choices)

    def some_of(self, choices: Sequence[T], count: int) -> list[T]:
        return self._random.sample(choices, min(count, len(choices)))

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, high)

    def happens(self, share: float) -> bool:
        return self._random.random() < share

    def working_moment(self, days_ago: int) -> datetime:
        """A moment of office hours that many days ago, moved back from a weekend to the Friday."""
        day = self.today - timedelta(days=days_ago)
        while day.weekday() >= 5:
            day -= timedelta(days=1)
        clock = time(self.between(8, 16), self.between(0, 59), self.between(0, 59))
        return datetime.combine(day, clock, self.zone)
