"""Bring items into an order from pairs of which people said which matters more: docs/calculations/council-order.md."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import exp, sqrt

from comity.core.councils.ballots import Judgement, Weights, places, weighed

# Before anybody votes, each item has won once and lost once against an average one: so an item that was never beaten has a
# finite score, and one that is new stands in the middle and is unsure.
PRIOR_WINS = 1
PRIOR_VOTES = 2
# From so many votes on, an item's place can be told.
FEWEST_VOTES = 10
MOST_ROUNDS = 10_000
CLOSE_ENOUGH = 1e-12
Z = 1.959964
# Scores that differ by less are equal.
DIGITS = 9


@dataclass(frozen=True, slots=True)
class Compared:
    """Where an item stands.

    place      1 is first; equal items share a place
    support    its chance, from 0 to 1, to be held more important than another item drawn at random
    low, high  where this chance plausibly lies (95 percent)
    won, lost  the weight of the votes for it and against it, of how many votes
    """

    item: str
    place: int
    support: float
    low: float
    high: float
    won: Fraction
    lost: Fraction
    votes: int

    @property
    def unsure(self) -> bool:
        """Whether it was voted on too seldom for its place to be told."""
        return self.votes < FEWEST_VOTES


def by_pairs(
    items: Collection[str], ballots: Iterable[Judgement], weights: Weights | None = None
) -> tuple[Compared, ...]:
    """Order items by the Bradley-Terry model: A wins against B with the chance a / (a + b) of their strengths.

    Weights are taken in proportion: the partners that voted weigh 1 on average, since the prior is in votes. Seats of one
    partner share its weight on each pair that they judged. Intervals hold for votes that do not depend on each other.

    Raises DomainError (`weighed`).  Method: Hunter (2004), Annals of Statistics 32, with a prior; intervals from the
    curvature of the likelihood.
    """
    counted = weighed(items, ballots, weights)
    partners = {ballot.partner for ballot, _ in counted}
    usual = Fraction(sum(1 if weights is None else weights[each] for each in partners), len(partners))
    order = sorted(items)
    won, lost = dict.fromkeys(order, Fraction()), dict.fromkeys(order, Fraction())
    votes = dict.fromkeys(order, 0)
    met: dict[str, dict[str, Fraction]] = {item: {} for item in order}
    for ballot, weight in counted:
        won[ballot.better] += weight / usual
        lost[ballot.worse] += weight / usual
        for one, other in (ballot.items, ballot.items[::-1]):
            votes[one] += 1
            met[one][other] = met[one].get(other, Fraction()) + weight / usual
    strength = _strengths(won, met)
    spread = _spreads(strength, met)

    def chance(item: str, by: float = 0.0) -> float:
        own = strength[item] * exp(by * Z * spread[item])
        others = [own / (own + strength[other]) for other in order if other != item]
        return sum(others) / len(others)

    scores = {item: round(chance(item), DIGITS) for item in order}
    return tuple(
        Compared(
            item, place, scores[item], chance(item, -1), chance(item, 1), won[item], lost[item], votes[item]
        )
        for item, place in places(scores).items()
    )


Met = Mapping[str, Mapping[str, Fraction]]  # how often each item met each other one


def _strengths(won: Mapping[str, Fraction], met: Met) -> dict[str, float]:
    """The likeliest strengths; that of the average item is 1. Each round brings them nearer (minorize, maximize)."""
    strength = dict.fromkeys(won, 1.0)
    times = {item: [(other, float(met[item][other])) for other in sorted(met[item])] for item in won}
    wins = {item: float(won[item] + PRIOR_WINS) for item in won}
    for _ in range(MOST_ROUNDS):
        before, strength = strength, {}
        for item, own in before.items():
            met_by = sum(often / (own + before[other]) for other, often in times[item])
            strength[item] = wins[item] / (met_by + PRIOR_VOTES / (own + 1))
        if all(abs(strength[item] - was) <= CLOSE_ENOUGH * was for item, was in before.items()):
            break
    return strength


def _spreads(strength: Mapping[str, float], met: Met) -> dict[str, float]:
    """The standard deviation of the logarithm of each strength."""
    import numpy as np

    place = {item: index for index, item in enumerate(strength)}
    curvature = np.diag([PRIOR_VOTES * own / (own + 1) ** 2 for own in strength.values()])
    for item, own in strength.items():
        for other in sorted(met[item]):
            known = float(met[item][other]) * own * strength[other] / (own + strength[other]) ** 2
            curvature[place[item], place[item]] += known
            curvature[place[item], place[other]] -= known
    variances = np.linalg.inv(curvature).diagonal()
    return {item: sqrt(variances[index]) for item, index in place.items()}
