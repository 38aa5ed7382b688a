"""Bring items into an order by approval or by ranked ballots (Schulze): docs/calculations/council-order.md."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise, permutations

from comity.core.councils.ballots import Approval, Ranking, Weights, in_order, places, weighed

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an item stands.

    place     1 is first; equal items share a place
    support   from 0 to 1. Approval: the part of all weight that backs it. Ranked: how often, of all times that it meets
              another item on a ballot, it stands above it; equal counts half
    """

    item: str
    place: int
    support: Fraction


@dataclass(frozen=True, slots=True)
class Approved:
    """backers   of each item, the partners that back it with the weight they give it"""

    standings: tuple[Standing, ...]
    backers: Mapping[str, Mapping[str, Fraction]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The order by Schulze's method, and how it came about.

    above       the weight of the ballots that put the first of a pair above the second
    strongest   the strongest path from the first to the second: items, each put above the next by more than the other way
                round; no path, no entry
    ties        pairs of which neither comes before the other
    """

    standings: tuple[Standing, ...]
    above: Mapping[Pair, Fraction]
    strongest: Mapping[Pair, tuple[str, ...]]
    ties: tuple[Pair, ...]

    def strength(self, first: str, second: str) -> Fraction:
        """The weight of the weakest step of the strongest path; 0 without a path."""
        path = self.strongest.get((first, second), ())
        return min((self.above[step] for step in pairwise(path)), default=Fraction())

    @property
    def beats_all(self) -> str | None:
        """The item that more weight puts above each other item than below it (Condorcet's winner), where there is one."""
        first, *others = (standing.item for standing in self.standings)
        wins = all(self.above[first, other] > self.above[other, first] for other in others)
        return first if wins else None


def by_approval(
    items: Collection[str], ballots: Iterable[Approval], weights: Weights | None = None
) -> Approved:
    """Order items by the weight of those who back them. Raises DomainError (`weighed`)."""
    backers: dict[str, dict[str, Fraction]] = {item: {} for item in items}
    counted = weighed(items, ballots, weights)
    for ballot, weight in counted:
        for item in ballot.backed:
            backers[item][ballot.partner] = backers[item].get(ballot.partner, Fraction()) + weight
    whole = sum(weight for _, weight in counted)
    support = {item: Fraction(sum(partners.values())) / whole for item, partners in backers.items()}
    return Approved(_standings(support, support), backers)


def by_rank(items: Collection[str], ballots: Iterable[Ranking], weights: Weights | None = None) -> Ranked:
    """Order items by ranked ballots.

    A comes before B where the strongest path from A to B is stronger than that back. A path is as strong as its weakest
    step, a step as strong as the weight of the ballots that put its first item above its second ("winning votes"). An item
    that beats each other one is first. An item's place is one more than the number of items that come before it.

    Raises DomainError (`weighed`).  Method: Schulze (2011), Social Choice and Welfare 36.
    """
    order = sorted(items, key=in_order)
    above = dict.fromkeys(permutations(order, 2), Fraction())
    counted = weighed(items, ballots, weights)
    for ballot, weight in counted:
        rank = {item: place for place, group in enumerate(ballot.groups) for item in group}
        for first, second in above:
            if rank.get(first, len(order)) < rank.get(second, len(order)):
                above[first, second] += weight
    strength, strongest = _paths(order, above)
    before = {pair for pair in above if strength.get(pair, 0) > strength.get(pair[::-1], 0)}
    meetings = sum(weight for _, weight in counted) * max(len(order) - 1, 1)
    more = {
        item: Fraction(sum(above[item, other] - above[other, item] for other in order if other != item))
        for item in order
    }
    support = {item: (1 + more[item] / meetings) / 2 for item in order}
    last = {item: -sum(second == item for _, second in before) for item in order}
    ties = tuple(pair for pair in combinations(order, 2) if not {pair, pair[::-1]} & before)
    return Ranked(_standings(last, support), above, strongest, ties)


def _paths(
    order: list[str], above: Mapping[Pair, Fraction]
) -> tuple[dict[Pair, Fraction], dict[Pair, tuple[str, ...]]]:
    """The strongest path of each pair and its strength, by going through each item in turn (Floyd and Warshall)."""
    strength = {pair: weight for pair, weight in above.items() if weight > above[pair[::-1]]}
    strongest: dict[Pair, tuple[str, ...]] = {pair: pair for pair in strength}
    for via in order:
        for first, second in above:
            if via in {first, second} or (first, via) not in strength or (via, second) not in strength:
                continue
            through = min(strength[first, via], strength[via, second])
            if through > strength.get((first, second), 0):
                strength[first, second] = through
                strongest[first, second] = (*strongest[first, via], *strongest[via, second][1:])
    return strength, strongest


def _standings(keys: Mapping[str, Fraction | int], support: Mapping[str, Fraction]) -> tuple[Standing, ...]:
    return tuple(Standing(item, place, support[item]) for item, place in places(keys).items())
