"""How much a contact has to look after. Worked example and reasons: docs/calculations/load.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

# From so many employees, or so many inhabitants, on, a body counts one more.
HEADCOUNT_STEPS = (100, 1_000, 10_000)
POPULATION_STEPS = (10_000, 100_000, 1_000_000)
# What one open follow-up adds.
PER_FOLLOW_UP = Decimal("0.25")


def size_weight(headcount: int | None, population: int | None) -> int:
    """What a body counts by its size: 1 to 4.

    headcount   its employees, None if unknown
    population  the inhabitants of a place, None if unknown or no place

    Never falls as either number grows; of the two, the one that counts more is taken; unknown counts as small.
    """
    return 1 + max(_steps(headcount, HEADCOUNT_STEPS), _steps(population, POPULATION_STEPS))


def _steps(number: int | None, steps: Iterable[int]) -> int:
    return sum(1 for step in steps if number is not None and number >= step)


@dataclass(frozen=True)
class Load:
    """What one contact looks after: bodies, what they count together by size, and open follow-ups."""

    partners: int = 0
    weight: int = 0
    open_follow_ups: int = 0

    @property
    def points(self) -> Decimal:
        """weight + a quarter for each open follow-up; exact."""
        return self.weight + PER_FOLLOW_UP * self.open_follow_ups

    def __add__(self, other: Load) -> Load:
        return Load(
            self.partners + other.partners,
            self.weight + other.weight,
            self.open_follow_ups + other.open_follow_ups,
        )
