"""One partner one vote, and every partner by its size: two answers to "how satisfied are our partners?".

Both are shown, never silently one. Worked by hand: docs/calculations/survey-drivers.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from comity.core.surveys.distributions import t_quantile
from comity.core.surveys.figures import Interval, correction, wilson
from comity.core.surveys.tallies import Tally


@dataclass(frozen=True, slots=True)
class Weighted:
    """A mean and a share of good answers in which partners, not answers, are given their weight.

    partners      how many partners are in it
    n             how many answers
    effective_n   how many answers of equal weight would say as much (Kish): at most n
    left_out      partners without any answer, or (by head count) whose head count is unknown
    """

    partners: int
    n: int
    effective_n: float
    mean: float | None
    mean_ci: Interval | None
    top: float | None
    top_ci: Interval | None
    left_out: tuple[str, ...]


def one_vote_each(tallies: Mapping[str, Tally], partners: int | None = None) -> Weighted:
    """The mean of the partners' means, each counting once however many of its people answered.

    tallies    the answers of each partner
    partners   how many were asked, which narrows the intervals; None if unknown

    In a wave that promises anonymity give it only partners whose figures are shown: a sum in which hidden ones
    weigh differently than in the totals would give them away.

    The intervals are Student's t over the partners' figures; none below two partners, where all are alike, or
    where every partner answered.
    """
    answered = {key: tally for key, tally in sorted(tallies.items()) if tally.n}
    means = [tally.mean for tally in answered.values() if tally.mean is not None]
    tops = [tally.top_n / tally.n for tally in answered.values() if tally.scale.top]
    top_ci = _t_interval(tops, partners)
    return Weighted(
        partners=len(answered),
        n=sum(tally.n for tally in answered.values()),
        effective_n=_effective_n(dict.fromkeys(answered, 1.0), answered),
        mean=fmean(means) if means else None,
        mean_ci=_t_interval(means, partners),
        top=fmean(tops) if tops else None,
        top_ci=top_ci and top_ci.within(0, 1),
        left_out=tuple(sorted(tallies.keys() - answered.keys())),
    )


def by_head_count(tallies: Mapping[str, Tally], head_count: Mapping[str, int | None]) -> Weighted:
    """Each partner by the number of its people, whoever of them answered.

    head_count   employees by partner; partners of unknown size are left out and named

    In a wave that promises anonymity: only partners whose figures are shown, as in `one_vote_each`.

    Intervals as of `effective_n` answers of equal weight: an approximation which weights of many sizes make rough.
    """
    heads = {
        key: float(people)
        for key, tally in sorted(tallies.items())
        if tally.n and (people := head_count.get(key))
    }
    counted = {key: tallies[key] for key in heads}
    total = sum(heads.values())
    n = _effective_n(heads, counted)
    means = {key: tally.mean for key, tally in counted.items() if tally.mean is not None}
    mean = sum(heads[key] * value for key, value in means.items()) / total if means else None
    good = sum(heads[key] * tally.top_n / tally.n for key, tally in counted.items())
    top = good / total if counted and all(tally.scale.top for tally in counted.values()) else None
    return Weighted(
        partners=len(counted),
        n=sum(tally.n for tally in counted.values()),
        effective_n=n,
        mean=mean,
        mean_ci=None if mean is None else _weighted_interval(counted, heads, mean, n),
        top=top,
        top_ci=None if top is None else wilson(top, n),
        left_out=tuple(sorted(tallies.keys() - counted.keys())),
    )


def _effective_n(weights: Mapping[str, float], tallies: Mapping[str, Tally]) -> float:
    """How many answers of equal weight would say as much; 0 of none. A partner's weight is shared by its answers.

    Source: Kish (1965), (sum of weights)^2 / sum of squared weights.
    """
    squares = sum(weights[key] ** 2 / tally.n for key, tally in tallies.items())
    return sum(weights[key] for key in tallies) ** 2 / squares if squares else 0.0


def _t_interval(values: list[float], partners: int | None) -> Interval | None:
    if len(values) < 2 or len(set(values)) == 1 or len(values) == partners:
        return None
    reach = (
        t_quantile(len(values) - 1) * stdev(values) / sqrt(len(values)) * correction(len(values), partners)
    )
    return Interval(fmean(values) - reach, fmean(values) + reach)


def _weighted_interval(
    tallies: Mapping[str, Tally], heads: Mapping[str, float], mean: float, n: float
) -> Interval | None:
    squares = sum(
        heads[key] / tally.n * count * (value - mean) ** 2
        for key, tally in tallies.items()
        for value, count in tally.items()
    ) / sum(heads.values())
    if not squares:
        return None
    reach = t_quantile(n - 1) * sqrt(squares / (n - 1))
    return Interval(mean - reach, mean + reach)
