"""The few distributions that the figures need. scipy is imported where it is used: a page without figures does not wait for it."""

from __future__ import annotations

from math import exp, lgamma
from statistics import NormalDist

NORMAL = NormalDist()
# Two-sided tests call it a change below this; intervals hold with one minus this.
ALPHA = 0.05
Z = NORMAL.inv_cdf(1 - ALPHA / 2)


def normal_p(z: float) -> float:
    """How often chance alone goes as far as z, either way."""
    return 2 * NORMAL.cdf(-abs(z))


def t_quantile(df: float) -> float:
    """How many standard errors a 95 percent interval reaches either way, with df degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(df, 1 - ALPHA / 2))


def t_p(t: float, df: float) -> float:
    """How often chance alone goes as far as t, either way, with df degrees of freedom."""
    from scipy.special import stdtr

    return 2 * float(stdtr(df, -abs(t)))


def r2_p(r2: float, n: int, count: int) -> float:
    """How often chance alone explains as much with so many drivers: the F test of a regression over n people."""
    from scipy.special import betainc

    return float(betainc((n - count - 1) / 2, count / 2, max(0.0, 1 - r2)))


def sign_p(one: int, other: int) -> float:
    """Exact two-sided p that `one` against `other` is a fair coin; 1 where neither happened.

    Method: binomial test with one half, doubled tail, at most 1.
    """
    from scipy.special import bdtr

    return min(1.0, 2 * float(bdtr(min(one, other), one + other, 0.5)))


def fisher_p(a: int, b: int, c: int, d: int) -> float:
    """Fisher's exact two-sided p of the table ((a, b), (c, d)).

    Adds up all tables with the same sums that are no likelier than this one, as scipy.stats.fisher_exact does.
    """
    row, column, n = a + b, a + c, a + b + c + d

    def log_chance(x: int) -> float:
        return _log_comb(row, x) + _log_comb(n - row, column - x) - _log_comb(n, column)

    # Tables as likely as ours differ from it in the last digits only; they belong in.
    bound = log_chance(a) + 1e-9
    possible = range(max(0, row + column - n), min(row, column) + 1)
    return min(1.0, sum(exp(chance) for x in possible if (chance := log_chance(x)) <= bound))


def _log_comb(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
