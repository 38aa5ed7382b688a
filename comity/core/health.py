"""How it stands between the office and a partner, as a score whose arithmetic can be done again by hand.

Worked by hand and with the reasons: docs/calculations/health.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from comity.core.errors import DomainError

GOOD_FROM, WATCH_FROM = 75, 50
YEAR = 365  # days, of which somebody should have led
MOST = 1_000  # a weight


class Band(StrEnum):
    """What a score says; `UNKNOWN` is neither good nor bad."""

    RISK = "risk"
    WATCH = "watch"
    GOOD = "good"
    UNKNOWN = "unknown"


ORDER = (Band.RISK, Band.WATCH, Band.GOOD)


@dataclass(frozen=True)
class Health:
    """A score of 0 to 100, and all that it comes from.

    values   of each part: 0 to 100 percent of what could be wished for; None where there is no data
    weights  of each part: a whole number of 1 or more
    stops    how many hard stops there are: one lets the band be no better than WATCH, two no better than RISK

    Parts without data are left out of the mean. There is no score when less than half of the weight is known.
    """

    values: Mapping[str, int | None]
    weights: Mapping[str, int]
    stops: int = 0

    def __post_init__(self) -> None:
        if wrong := [
            part for part, value in self.values.items() if value is not None and not 0 <= value <= 100
        ]:
            raise ValueError(f"Not a percentage: {wrong}.")
        if missing := self.values.keys() - self.weights.keys():
            raise ValueError(f"Parts without a weight: {sorted(missing)}.")
        refuse_weights(self.weights)

    @cached_property
    def total(self) -> int:
        """The weight of all parts."""
        return sum(self.weights[part] for part in self.values)

    @cached_property
    def known(self) -> int:
        """The weight of the parts of which there is data."""
        return sum(self.weights[part] for part, value in self.values.items() if value is not None)

    @cached_property
    def points(self) -> int:
        """Value × weight, added up over the parts of which there is data."""
        return sum(value * self.weights[part] for part, value in self.values.items() if value is not None)

    @cached_property
    def exact(self) -> Fraction | None:
        """The mean of the values by their weights, not rounded."""
        return Fraction(self.points, self.known) if self.known and 2 * self.known >= self.total else None

    @cached_property
    def score(self) -> int | None:
        """The same as a whole number, half up."""
        return None if self.exact is None else half_up(self.exact)

    @cached_property
    def by_score(self) -> Band:
        """The band by the score alone."""
        if self.score is None:
            return Band.UNKNOWN
        return ORDER[(self.score >= WATCH_FROM) + (self.score >= GOOD_FROM)]

    @cached_property
    def band(self) -> Band:
        """The band as hard stops let it be; where there is no score there is nothing to cap."""
        if self.by_score is Band.UNKNOWN:
            return Band.UNKNOWN
        return ORDER[min(ORDER.index(self.by_score), max(0, 2 - self.stops))]

    def pull(self, part: str, at: Fraction) -> Fraction:
        """By how much a part pulls the mean up or down from a score; nothing where there is no data."""
        value = self.values.get(part)
        return Fraction(0) if value is None else self.weights[part] * (value - at) / self.known


def refuse_weights(weights: Mapping[str, int]) -> None:
    """Raises DomainError, with the part it is about, for a weight that is not a whole number from 1 to 1,000."""
    for part, weight in weights.items():
        if type(weight) is not int or not 1 <= weight <= MOST:
            raise DomainError(f"A weight is a whole number from 1 to {MOST:,}.", part)


def half_up(number: Fraction) -> int:
    """The nearest whole number; of two equally near the larger one."""
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


def percent(value: Fraction | int) -> int:
    """A value from 0 to 1 in whole percent, half up, as it is shown, kept and reckoned with. Raises ValueError beyond."""
    if not 0 <= value <= 1:
        raise ValueError(f"{value} is not between 0 and 1.")
    return half_up(Fraction(value) * 100)


def moves(before: Health, after: Health) -> dict[str, Fraction]:
    """By how many points each part moved the score; together exactly the difference, also where data came or went.

    Empty where either has no score. A part that had no data, or has none anymore, moved it by how far it lies from the
    score of before.
    """
    if before.exact is None or after.exact is None:
        return {}
    parts = dict.fromkeys([*after.values, *before.values])
    return {part: after.pull(part, before.exact) - before.pull(part, before.exact) for part in parts}


def mover(before: Health, after: Health) -> str:
    """The part that moved the score most the way it went; "" where it did not move."""
    by = moves(before, after)
    way = sum(by.values())
    return max(by, key=lambda part: by[part] * way) if way else ""


def fell(before: Band, after: Band) -> bool:
    """Whether a band is worse than another. What is unknown is neither, but that somebody is at risk is news after it."""
    if before is Band.UNKNOWN:
        return after is Band.RISK
    return after is not Band.UNKNOWN and ORDER.index(after) < ORDER.index(before)


def nearness(days: int, every: int) -> Fraction:
    """How well a cadence is kept: 1 within so many days, then evenly down to 0 at twice as many.

    days   since they were seen face to face
    every  the days that their tier allows, 1 or more
    """
    return max(Fraction(0), min(Fraction(1), 2 - Fraction(days, every)))


@dataclass(frozen=True)
class Led:
    """How a year was led: by how many people, on how many of how many days, and whether by anybody now."""

    people: int
    days: int
    of: int
    now: bool

    @property
    def value(self) -> Fraction:
        """The share of days on which somebody led, divided by how many people that were; 0 where nobody leads now."""
        return Fraction(self.days, self.of * self.people) if self.now else Fraction(0)


def led(leads: Iterable[tuple[int, date, date | None]], today: date) -> Led:
    """How the year up to today was led; counted from the first lead on, where that is less than a year ago.

    leads  who led, from when, and until when: the first day no longer; one at a time
    """
    after = today + timedelta(days=1)
    rows = [(who, first, min(end or after, after)) for who, first, end in leads if first <= today]
    begun = max(min((first for _who, first, _end in rows), default=today), after - timedelta(days=YEAR))
    spans = [(who, (end - max(first, begun)).days) for who, first, end in rows if end > max(first, begun)]
    return Led(
        people=len({who for who, _days in spans}),
        days=sum(days for _who, days in spans),
        of=(after - begun).days,
        now=any(end == after for _who, _first, end in rows),
    )
