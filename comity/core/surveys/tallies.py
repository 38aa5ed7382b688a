"""How often each answer was given: all that the figures of a question need, however many people answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import add
from typing import Literal

from comity.core.surveys.scales import Scale


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each value of a scale was given.

    counts    one number for each of scale.values, in that order
    na        how many said "don't know" or "does not apply"
    skipped   how many saw the question and left it
    people    only where one person may give several values: how many gave any

    Raises ValueError for counts that do not fit the scale, or below zero.
    """

    scale: Scale
    counts: tuple[int, ...]
    na: int = 0
    skipped: int = 0
    people: int | None = None

    def __post_init__(self) -> None:
        if len(self.counts) != len(self.scale.values):
            raise ValueError(f"{len(self.counts)} counts for {len(self.scale.values)} values.")
        if min(*self.counts, self.na, self.skipped) < 0:
            raise ValueError("Nothing is counted below zero.")
        if self.scale.several != (self.people is not None):
            raise ValueError("The number of people belongs to a scale of several choices, and to no other.")
        if self.people is not None and not max(self.counts) <= self.people <= sum(self.counts):
            raise ValueError(
                "As many people as the most frequent choice at least, each with one choice at least."
            )

    @classmethod
    def of_counts(cls, scale: Scale, counts: Mapping[int, int]) -> Tally:
        """From a count per value, as a database groups them; values that are missing count nothing.

        Raises ValueError for a value that is not on the scale.
        """
        if strange := set(counts) - set(scale.values):
            raise ValueError(f"Not on the scale: {sorted(strange)}.")
        return cls(scale, tuple(counts.get(value, 0) for value in scale.values))

    @property
    def n(self) -> int:
        """How many gave an answer; neither "don't know" nor a question that was left counts."""
        return sum(self.counts) if self.people is None else self.people

    @property
    def top_n(self) -> int:
        return self.among(self.scale.top)

    @property
    def mean(self) -> float | None:
        """The average of the values; None where nobody answered or the scale has none."""
        return self._sum / self.n if self.n and self.scale.has_mean else None

    @property
    def variance(self) -> float | None:
        """The sample's variance, divided by n - 1; None below two answers. Exact up to the last division."""
        if self.n < 2 or not self.scale.has_mean:
            return None
        squares = sum(value * value * count for value, count in self.items())
        return (squares * self.n - self._sum**2) / (self.n * (self.n - 1))

    def items(self) -> Iterable[tuple[int, int]]:
        """Each value with how often it was given."""
        return zip(self.scale.values, self.counts, strict=True)

    def among(self, values: frozenset[int]) -> int:
        """How many answers lie among these values."""
        return sum(count for value, count in self.items() if value in values)

    @property
    def _sum(self) -> int:
        return sum(value * count for value, count in self.items())

    def __add__(self, other: Tally) -> Tally:
        """The answers of two groups that share nobody."""
        if self.scale != other.scale:
            raise ValueError("Answers on two scales cannot be counted together.")
        counts = tuple(map(add, self.counts, other.counts))
        people = None if self.people is None or other.people is None else self.people + other.people
        return Tally(self.scale, counts, self.na + other.na, self.skipped + other.skipped, people)


@dataclass(frozen=True, slots=True)
class PairTally:
    """How often one person's two answers to the same question were (before, after).

    People with only one of the two, or with a "don't know", are not in it.
    Raises ValueError for a value that is not on the scale, or a count below zero.
    """

    scale: Scale
    counts: Mapping[tuple[int, int], int]

    def __post_init__(self) -> None:
        for pair, count in self.counts.items():
            if count < 0 or not all(value in self.scale for value in pair):
                raise ValueError(f"Not a pair of answers on this scale: {pair}, {count} times.")

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    @property
    def before(self) -> Tally:
        return self._side(0)

    @property
    def after(self) -> Tally:
        return self._side(1)

    def differences(self) -> Counter[int]:
        """How often each difference (after minus before) occurred."""
        found: Counter[int] = Counter()
        for (before, after), count in self.counts.items():
            found[after - before] += count
        return found

    def _side(self, side: Literal[0, 1]) -> Tally:
        found: Counter[int] = Counter()
        for pair, count in self.counts.items():
            found[pair[side]] += count
        return Tally.of_counts(self.scale, found)
