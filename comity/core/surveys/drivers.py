"""Which drivers go with satisfaction, how much each has to say, and whether they hang together.

Worked by hand and with the reasons: docs/calculations/survey-drivers.md. numpy is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import factorial, isnan
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

# Answers of one person side by side; None where the person gave none.
Column = Sequence[int | None]
Quadrant = Literal["mend_first", "keep_up", "can_wait", "good_enough"]

# Below so many people who answered everything, drivers are not ranked: the order would be chance.
FEWEST_ROWS = 50
# Each driver more doubles the fits; twelve make 4,096.
MOST_DRIVERS = 12


@dataclass(frozen=True, slots=True)
class Driver:
    """One driver beside overall satisfaction.

    rho          Spearman's rank correlation with it, from -1 to 1; None where one of them does not vary
    importance   its part of what all drivers together explain; the parts add up to 1; None where they explain nothing
    """

    key: str
    n: int
    rho: float | None
    importance: float | None


@dataclass(frozen=True, slots=True)
class Drivers:
    """All drivers, in the order given.

    n        people who answered overall satisfaction and every driver
    enough   whether these are the 50 it takes; if not, nothing is said of any driver
    r2       the part of the differences in satisfaction that all drivers together explain, 0 to 1
    """

    n: int
    enough: bool
    r2: float | None
    drivers: tuple[Driver, ...]


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha of a block of questions; None below two questions, two people, or without any spread."""

    value: float | None
    n: int
    items: int


@dataclass(frozen=True, slots=True)
class Point:
    """A driver in the picture of importance against performance, and the corner in which it lies."""

    key: str
    performance: float
    importance: float
    quadrant: Quadrant


def drivers_of(
    overall: Column, answers: Mapping[str, Column], counts: Sequence[int] | None = None
) -> Drivers:
    """Correlate each driver with overall satisfaction, and share out what they explain together.

    overall   satisfaction, one value for each person
    answers   each driver's column, in the same order
    counts    how many people gave each row, where equal rows were counted together; None if each is one person

    Only people who answered everything are in it. Importance is the mean gain in R^2 from adding the driver, over all
    orders in which drivers can be added (LMG, which is Shapley's value), as a part of the whole R^2; R^2 is that of
    linear regressions, all from one matrix of correlations. So drivers that say the same share what they say.

    Raises ValueError for columns of unequal length, no driver, or more than MOST_DRIVERS.
    """
    if not 1 <= len(answers) <= MOST_DRIVERS:
        raise ValueError(f"Between 1 and {MOST_DRIVERS} drivers can be ranked.")
    table, weights = _complete_rows([overall, *answers.values()], counts)
    n = int(weights.sum())
    if n < FEWEST_ROWS:
        return Drivers(n, False, None, tuple(Driver(key, n, None, None) for key in answers))
    correlations = _correlations(table, weights)
    rhos = _correlations(_ranks(table, weights), weights)[0]
    r2, parts = _shared_out(correlations)
    drivers = [
        Driver(key, n, _or_none(rhos[place]), parts[place - 1] if parts else None)
        for place, key in enumerate(answers, start=1)
    ]
    return Drivers(n, True, r2, tuple(drivers))


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
        (driver.key, performance[driver.key], driver.importance)
        for driver in drivers.drivers
        if driver.importance is not None and driver.key in performance
    ]
    if not known:
        return ()
    usual = sum(value for _, value, _ in known) / len(known)
    middle = sum(importance for _, _, importance in known) / len(known)
    return tuple(
        Point(key, value, importance, _quadrant(importance >= middle, value >= usual))
        for key, value, importance in known
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
    products = (centred * weights) @ centred.T
    spread = np.sqrt(np.diag(products))
    # Rounding leaves a whisker of spread where all answers are alike.
    spread[spread < 1e-9] = np.nan
    found: Numbers = np.clip(products / np.outer(spread, spread), -1, 1)
    return found


def _shared_out(correlations: Numbers) -> tuple[float | None, list[float] | None]:
    """R^2 of all drivers, and each one's part of it. The first row of the correlations is satisfaction."""
    import numpy as np

    count = len(correlations) - 1
    varying = [place for place in range(count) if not np.isnan(correlations[0, place + 1])]
    if not varying:
        return None, None
    with_overall, among = correlations[0, 1:][varying], correlations[1:, 1:][np.ix_(varying, varying)]
    explained = [_r2(with_overall, among, subset) for subset in range(2 ** len(varying))]
    if explained[-1] < 1e-12:
        return 0.0, None
    parts = [0.0] * count
    for own, place in enumerate(varying):
        parts[place] = _mean_gain(explained, own, len(varying)) / explained[-1]
    return explained[-1], parts


def _r2(with_overall: Numbers, among: Numbers, subset: int) -> float:
    """R^2 of the drivers whose bits are set. Drivers that repeat each other add nothing (pseudoinverse)."""
    import numpy as np

    chosen = [place for place in range(len(with_overall)) if subset >> place & 1]
    if not chosen:
        return 0.0
    own = with_overall[chosen]
    return float(own @ np.linalg.pinv(among[np.ix_(chosen, chosen)], rcond=1e-10, hermitian=True) @ own)


def _mean_gain(explained: Sequence[float], own: int, count: int) -> float:
    """The mean gain from adding one driver, over all orders."""
    gain = 0.0
    for subset, before in enumerate(explained):
        if not subset >> own & 1:
            size = subset.bit_count()
            orders = factorial(size) * factorial(count - size - 1)
            gain += orders * (explained[subset | 1 << own] - before)
    return gain / factorial(count)


def _squares(column: Numbers, weights: Numbers) -> float:
    """The squared distances from the mean, added up."""
    import numpy as np

    return float((weights * (column - np.average(column, weights=weights)) ** 2).sum())


def _or_none(value: float) -> float | None:
    return None if isnan(value) else float(value)
