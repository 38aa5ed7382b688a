"""Which drivers go with satisfaction, how much each has to say, and whether they hang together.

Worked by hand and with the reasons: docs/calculations/survey-drivers.md. numpy is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Literal

from comity.core.surveys.distributions import ALPHA, Z, r2_p
from comity.core.surveys.figures import Interval
from comity.core.surveys.importance import scaled, shared_out, spread_of_parts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

# Answers of one person side by side; None where the person gave none.
Column = Sequence[int | None]
Quadrant = Literal["mend_first", "keep_up", "can_wait", "good_enough"]

# Below so many people who answered everything, drivers are not ranked: the order would be chance.
FEWEST_ROWS = 50
# And for each driver it takes so many.
ROWS_EACH = 2


@dataclass(frozen=True, slots=True)
class Driver:
    """One driver beside overall satisfaction.

    rho          Spearman's rank correlation with it, from -1 to 1; None where one of them does not vary
    importance   its part of what all drivers together explain; the parts add up to 1; None where they explain nothing
    ci           where its importance plausibly lies (95 percent)
    """

    key: str
    n: int
    rho: float | None
    importance: float | None
    ci: Interval | None = None


@dataclass(frozen=True, slots=True)
class Drivers:
    """All drivers, in the order given.

    n        people who answered overall satisfaction and every driver
    enough   whether these are the people it takes (`fewest_rows`); if not, nothing is said of any driver
    r2       the part of the differences in satisfaction that all drivers together explain, 0 to 1
    p        how often chance alone explains so much
    error    by how much an importance may differ from that over all orders, where only some were gone through
    """

    n: int
    enough: bool
    r2: float | None
    drivers: tuple[Driver, ...]
    p: float | None = None
    error: float | None = None

    @property
    def explain(self) -> bool:
        """Whether they explain more than chance would."""
        return self.p is not None and self.p < ALPHA


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha of a block of questions; None below two questions, two people, or without any spread."""

    value: float | None
    n: int
    items: int


@dataclass(frozen=True, slots=True)
class Point:
    """A driver in the picture of importance against performance, and the corner in which it lies.

    matters   it is more important than the average driver, and not by chance
    """

    key: str
    performance: float
    importance: float
    quadrant: Quadrant
    matters: bool = False


def fewest_rows(drivers: int) -> int:
    """How many people have to have answered everything before so many drivers are ranked."""
    return max(FEWEST_ROWS, ROWS_EACH * drivers)


def drivers_of(
    overall: Column, answers: Mapping[str, Column], counts: Sequence[int] | None = None
) -> Drivers:
    """Correlate each driver with overall satisfaction, and share out what they explain together.

    overall   satisfaction, one value for each person
    answers   each driver's column, in the same order
    counts    how many people gave each row, where equal rows were counted together; None if each is one person

    Only people who answered everything are in it. Importance is the mean gain in R^2 from adding the driver, over all
    orders in which drivers can be added (LMG, which is Shapley's value), as a part of the whole R^2; R^2 is that of
    linear regressions, all from one matrix of correlations. So drivers that say the same share what they say. However
    many there are, none is left out: of more than 12 it is the mean over 4,000 orders, with the error that this makes.

    Raises ValueError for columns of unequal length, or no driver.
    """
    if not answers:
        raise ValueError("There is no driver.")
    table, weights = _complete_rows([overall, *answers.values()], counts)
    n = int(weights.sum())
    if n < fewest_rows(len(answers)):
        return Drivers(n, False, None, tuple(Driver(key, n, None, None) for key in answers))
    rhos = _correlations(_ranks(table, weights), weights)[0]
    r2, parts, error = shared_out(_correlations(table, weights))
    if r2 is None or parts is None:
        alone = tuple(Driver(key, n, _or_none(rho), None) for key, rho in zip(answers, rhos[1:], strict=True))
        return Drivers(n, True, r2, alone)
    drivers = tuple(
        Driver(key, n, _or_none(rho), part, Interval(part - Z * sd, part + Z * sd).within(0, 1))
        for key, rho, part, sd in zip(answers, rhos[1:], parts, spread_of_parts(table, weights), strict=True)
    )
    return Drivers(n, True, r2, drivers, r2_p(r2, n, len(answers)), error)


def cronbach_alpha(answers: Mapping[str, Column], counts: Sequence[int] | None = None) -> Alpha:
    """Whether a block of questions measures one thing: k/(k-1) x (1 - sum of variances / variance of the sum).

    Over people who answered every question of the block. Source: Cronbach (1951).
    """
    items = len(answers)
    if not items:
        return Alpha(None, 0, 0)
    table, weights = _complete_rows(list(answers.values()), counts)
    n = int(weights.sum())
    if items < 2 or n < 2:
        return Alpha(None, n, items)
    # All are divided by n - 1, which leaves their proportions alone.
    whole = _squares(table.sum(axis=0), weights)
    if not whole:
        return Alpha(None, n, items)
    single = sum(_squares(column, weights) for column in table)
    return Alpha(items / (items - 1) * (1 - single / whole), n, items)


def importance_against_performance(drivers: Drivers, performance: Mapping[str, float]) -> tuple[Point, ...]:
    """The drivers as points; the lines between the corners are the averages of both.

    performance   each driver's figure as it is shown elsewhere on the page (its mean, or its share of good answers)

    Important and below average is "mend_first"; important and good "keep_up"; neither "can_wait"; good without
    mattering much "good_enough". Empty where there were too few to rank.
    """
    known = [
        (driver, performance[driver.key], driver.importance)
        for driver in drivers.drivers
        if driver.importance is not None and driver.key in performance
    ]
    if not known:
        return ()
    usual = sum(value for _, value, _ in known) / len(known)
    middle = sum(importance for _, _, importance in known) / len(known)

    def matters(driver: Driver) -> bool:
        """Of one driver alone there is no average to be above."""
        return drivers.explain and (len(known) == 1 or (driver.ci is not None and driver.ci.low > middle))

    return tuple(
        Point(driver.key, value, importance, _quadrant(importance >= middle, value >= usual), matters(driver))
        for driver, value, importance in known
    )


def _quadrant(important: bool, good: bool) -> Quadrant:
    if important:
        return "keep_up" if good else "mend_first"
    return "good_enough" if good else "can_wait"


def _complete_rows(columns: Sequence[Column], counts: Sequence[int] | None) -> tuple[Numbers, Numbers]:
    """Columns by people who answered all of them, and how many people each row stands for."""
    import numpy as np

    if len({len(column) for column in columns}) > 1 or (
        counts is not None and len(counts) != len(columns[0])
    ):
        raise ValueError("Every column has one value for each person.")
    table = np.array(columns, dtype=float)  # None becomes nan
    weights = np.ones(table.shape[1]) if counts is None else np.array(counts)
    complete = ~np.isnan(table).any(axis=0)
    return table[:, complete], weights[complete]


def _ranks(table: Numbers, weights: Numbers) -> Numbers:
    """Each column as ranks from 1; equal answers share the middle of their ranks."""
    import numpy as np

    ranks = np.empty_like(table)
    for place, column in enumerate(table):
        _, level = np.unique(column, return_inverse=True)
        held = np.bincount(level, weights)
        ranks[place] = (np.cumsum(held) - (held - 1) / 2)[level]
    return ranks


def _correlations(table: Numbers, weights: Numbers) -> Numbers:
    """Pearson's correlations of the rows of the table; nan with one that does not vary."""
    import numpy as np

    centred = table - np.average(table, axis=1, weights=weights)[:, None]
    return scaled((centred * weights) @ centred.T)


def _squares(column: Numbers, weights: Numbers) -> float:
    """The squared distances from the mean, added up."""
    import numpy as np

    return float((weights * (column - np.average(column, weights=weights)) ** 2).sum())


def _or_none(value: float) -> float | None:
    return None if isnan(value) else float(value)
