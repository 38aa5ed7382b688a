"""How much of what all drivers explain together is each one's, and how sure that is.

Worked by hand and with the reasons: docs/calculations/survey-drivers.md. numpy is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial, sqrt
from typing import TYPE_CHECKING

from comity.core.surveys.distributions import Z

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Orders = NDArray[np.int64]

# Up to so many drivers all orders are gone through, by their 4,096 sets; each driver more would double these.
MOST_EXACT = 12
# So many orders are drawn, and each is also gone through backwards: what one order favors, the other does not.
PAIRS = 2_000
PAIRS_AGAIN = 25  # to see how far importance moves, which takes fewer
PILE = 100
# How far importance moves when other people answer: so many times, people are drawn anew, in so many blocks at most.
SAMPLES = 200
BLOCKS = 200
SEED = 1  # the same answers always give the same figures
# Added to each driver's own variance: of drivers that repeat each other the second then adds nothing.
WHISKER = 1e-9


def shared_out(correlations: Numbers) -> tuple[float | None, list[float] | None, float | None]:
    """R^2 of all drivers, each one's part of it, and how far from the truth a part may be where orders were drawn.

    correlations  satisfaction's are the first row; nan of what does not vary

    A driver's part is its mean gain in R^2 over all orders in which drivers can be added. Of more than MOST_EXACT it is
    the mean over 4,000 orders; the error is then that of the least certain part (95 percent), else None.
    """
    import numpy as np

    varying = np.flatnonzero(~np.isnan(correlations[0, 1:]))
    if not varying.size:
        return None, None, None
    with_overall, among = correlations[0, 1:][varying], correlations[1:, 1:][np.ix_(varying, varying)]
    if len(varying) <= MOST_EXACT:
        gains, error = _exact_gains(with_overall, among), None
    else:
        gains, error = sampled_gains(with_overall, among)
    r2 = float(gains.sum())
    if r2 < 1e-12:
        return 0.0, None, None
    parts = np.zeros(len(correlations) - 1)
    parts[varying] = gains / r2
    return r2, parts.tolist(), None if error is None else error / r2


def _exact_gains(with_overall: Numbers, among: Numbers) -> Numbers:
    import numpy as np

    count = len(with_overall)
    explained = [_r2(with_overall, among, subset) for subset in range(2**count)]
    return np.array([_mean_gain(explained, own, count) for own in range(count)])


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


def sampled_gains(with_overall: Numbers, among: Numbers) -> tuple[Numbers, float]:
    """Each driver's mean gain over PAIRS orders and as many backwards, and the error of the least certain one."""
    import numpy as np

    drawn = _orders(PAIRS, len(with_overall))
    piles = np.array_split(drawn, PAIRS // PILE)
    gains = np.concatenate([_gains_of_pairs(with_overall, among, pile) for pile in piles])
    error = Z * float(gains.std(axis=0, ddof=1).max()) / sqrt(PAIRS)
    mean: Numbers = gains.mean(axis=0)
    return mean, error


def _orders(pairs: int, count: int) -> Orders:
    import numpy as np

    drawn: Orders = np.random.default_rng(SEED).permuted(np.tile(np.arange(count), (pairs, 1)), axis=1)
    return drawn


def _gains_of_pairs(with_overall: Numbers, among: Numbers, orders: Orders) -> Numbers:
    """The gains of each driver (columns) in each order (rows), each with those of the order backwards."""
    forwards = _gains(with_overall, among, orders)
    return (forwards + _gains(with_overall, among, orders[:, ::-1])) / 2


def _gains(with_overall: Numbers, among: Numbers, orders: Orders) -> Numbers:
    """What each driver (columns) adds to R^2 when they are added in each order (rows).

    A Cholesky factor takes the drivers one by one: what is left of each after those before it. The square of its
    correlation with satisfaction is the gain.
    """
    import numpy as np

    left = np.linalg.cholesky(
        among[orders[:, :, None], orders[:, None, :]] + WHISKER * np.eye(len(with_overall))
    )
    added = np.linalg.solve(left, with_overall[orders][:, :, None])[:, :, 0] ** 2
    gains = np.empty_like(added)
    np.put_along_axis(gains, orders, added, axis=1)
    return gains


def spread_of_parts(table: Numbers, weights: Numbers) -> list[float]:
    """The standard deviation of each driver's part, if other people like these had answered.

    table     satisfaction, then the drivers, by rows of answers; `weights` says how many people gave each

    Method: bootstrap. Where there are more than BLOCKS people, blocks of them are drawn, put together by chance.
    """
    import numpy as np

    chance = np.random.default_rng(SEED)
    people = np.repeat(table, weights.astype(int), axis=1)
    people = people[:, chance.permutation(people.shape[1])] - people.mean(axis=1, keepdims=True)
    known = np.vstack([np.ones(people.shape[1]), people])
    blocks = np.array_split(known, min(known.shape[1], BLOCKS), axis=1)
    products = np.array([block @ block.T for block in blocks])
    drawn = chance.multinomial(len(blocks), np.full(len(blocks), 1 / len(blocks)), size=SAMPLES)
    orders = _orders(PAIRS_AGAIN, len(table) - 1)
    parts = [_parts_again(sums, orders) for sums in np.tensordot(drawn, products, axes=1)]
    spread: list[float] = np.array(parts).std(axis=0, ddof=1).tolist()
    return spread


def _parts_again(sums: Numbers, orders: Orders) -> Numbers:
    """The parts in one sample: of the sums of the products of (1, satisfaction, drivers)."""
    import numpy as np

    found = np.nan_to_num(scaled(sums[1:, 1:] - np.outer(sums[0, 1:], sums[0, 1:]) / sums[0, 0]))
    np.fill_diagonal(found, 1)
    gains = _gains_of_pairs(found[0, 1:], found[1:, 1:], orders).mean(axis=0)
    parts: Numbers = gains / max(float(gains.sum()), 1e-12)
    return parts


def scaled(products: Numbers) -> Numbers:
    """Correlations from sums of products; nan with one that does not vary."""
    import numpy as np

    # Rounding leaves a whisker of spread where all answers are alike.
    spread = np.sqrt(np.clip(np.diag(products), 0, None))
    spread[spread < 1e-6] = np.nan
    found: Numbers = np.clip(products / np.outer(spread, spread), -1, 1)
    return found
