"""Spend a budget by votes: what all methods take and give, and the two simple ones. docs/calculations/council-budget.md"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from comity.core.councils.ballots import Approval, Weights, in_order, weighed
from comity.core.errors import DomainError

Costs = Mapping[str, int | Fraction]


class Turn(NamedTuple):
    """Of items that stand equally well the one with the least turn wins."""

    backing: Fraction
    cost: Fraction
    name: list[str | int]


class Purse(NamedTuple):
    """All ballots that back the same items: whatever is bought, they pay alike."""

    items: frozenset[str]
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote on money, checked and made ready for counting.

    costs     of the items that can win: each is backed, and costs no more than the budget
    backers   of each of these, the places of the purses that back it, and
    backing   their weight
    """

    budget: Fraction
    costs: Mapping[str, Fraction]
    purses: tuple[Purse, ...]
    backers: Mapping[str, tuple[int, ...]]
    backing: Mapping[str, Fraction]
    ballots: tuple[tuple[Approval, Fraction], ...]
    too_dear: tuple[str, ...]

    @property
    def weight(self) -> Fraction:
        return Fraction(sum(purse.weight for purse in self.purses))

    def turns(self) -> dict[str, Turn]:
        return {item: Turn(-self.backing[item], cost, in_order(item)) for item, cost in self.costs.items()}


@dataclass(frozen=True, slots=True)
class Step:
    """An item that won.

    votes      the weight that it had behind it when it won. Equal shares: as many full backers as would pay it alike; who
               can only pay less counts as a part of one
    tied       items that stood as well; more backing goes first, then the lower cost, then the name
    price      what each backer pays for each unit of weight, or all that it has left; None where nobody pays
    pays       what each purse pays for each unit of weight
    completed  it was not paid by its backers' shares: it came in by greedy completion
    """

    item: str
    cost: Fraction
    votes: Fraction
    tied: tuple[str, ...] = ()
    price: Fraction | None = None
    pays: Mapping[int, Fraction] = field(default_factory=dict)
    completed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is bought.

    steps        the items that won, in the order in which they won
    endowment    the share of a ballot of average weight, in the end; None where a method has none
    stopped_by   the item that was next, but costs more than is left of the budget: there the method ended
    """

    vote: Vote
    steps: tuple[Step, ...]
    endowment: Fraction | None = None
    stopped_by: str = ""

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(step.item for step in self.steps)

    @property
    def cost(self) -> Fraction:
        return Fraction(sum(step.cost for step in self.steps))

    def paid(self, step: Step) -> dict[str, Fraction]:
        """What each partner pays for an item; together its cost, or nothing."""
        place = {purse.items: place for place, purse in enumerate(self.vote.purses)}
        found: dict[str, Fraction] = defaultdict(Fraction)
        for ballot, weight in self.vote.ballots:
            if each := step.pays.get(place[frozenset(ballot.backed)]):
                found[ballot.partner] += each * weight
        return dict(found)

    def left(self, item: str) -> Fraction | None:
        """What those who back an item have left together, which says why it was not bought; None where nobody pays.

        Of an item that could not win it is zero.
        """
        if self.endowment is None:
            return None
        each = self.endowment * len(self.vote.ballots) / self.vote.weight
        spent = {
            place: sum(step.pays.get(place, 0) for step in self.steps)
            for place in self.vote.backers.get(item, ())
        }
        return Fraction(sum(self.vote.purses[place].weight * (each - paid) for place, paid in spent.items()))


def made_ready(
    costs: Costs, ballots: Iterable[Approval], budget: int | Fraction, weights: Weights | None = None
) -> Vote:
    """Check a vote on money. All amounts are in one unit, such as dollars.

    Raises DomainError for a budget or a cost of zero or less, and for what `weighed` refuses.
    """
    if budget <= 0:
        raise DomainError("The budget has to be more than zero.")
    for item, cost in costs.items():
        if cost <= 0:
            raise DomainError(f"“{item}” has to cost more than zero.")
    counted = tuple(weighed(costs, ballots, weights))
    alike: dict[frozenset[str], Fraction] = defaultdict(Fraction)
    for ballot, weight in counted:
        alike[frozenset(ballot.backed)] += weight
    purses = tuple(Purse(items, weight) for items, weight in alike.items())
    backers: dict[str, list[int]] = defaultdict(list)
    for place, purse in enumerate(purses):
        for item in purse.items:
            backers[item].append(place)
    can_win = {item: Fraction(cost) for item, cost in costs.items() if item in backers and cost <= budget}
    too_dear = sorted((item for item, cost in costs.items() if cost > budget), key=in_order)
    return Vote(
        Fraction(budget),
        can_win,
        purses,
        {item: tuple(backers[item]) for item in can_win},
        {item: Fraction(sum(purses[place].weight for place in backers[item])) for item in can_win},
        counted,
        tuple(too_dear),
    )


def greedy(
    costs: Costs, ballots: Iterable[Approval], budget: int | Fraction, weights: Weights | None = None
) -> Outcome:
    """Buy items by their votes, the most backed first; one that costs more than is left is passed over.

    Raises DomainError (`made_ready`).
    """
    vote = made_ready(costs, ballots, budget, weights)
    return Outcome(vote, tuple(by_votes(vote)))


def by_votes(vote: Vote, bought: Sequence[Step] = (), *, completed: bool = False) -> list[Step]:
    """What is left of the budget after some items were bought, spent by votes."""
    left, turns = vote.budget - sum(step.cost for step in bought), vote.turns()
    found = []
    for item in sorted(turns.keys() - {step.item for step in bought}, key=turns.__getitem__):
        if vote.costs[item] <= left:
            left -= vote.costs[item]
            found.append(Step(item, vote.costs[item], vote.backing[item], completed=completed))
    return found


def phragmen(
    costs: Costs, ballots: Iterable[Approval], budget: int | Fraction, weights: Weights | None = None
) -> Outcome:
    """Every purse fills at the pace of its weight. As soon as the backers of an item have its cost together, they buy it
    and begin again with nothing. When the next item costs more than is left of the budget, that is the end.

    Raises DomainError (`made_ready`).  Method: Phragmén's sequential rule with costs (Los, Christoff and Grossi 2022).
    """
    vote = made_ready(costs, ballots, budget, weights)
    turns, left, now = vote.turns(), vote.budget, Fraction()
    emptied = [now] * len(vote.purses)
    # What the backers of an item have to have earned since the beginning: its cost, and what they spent before.
    needed = dict(vote.costs)
    steps: list[Step] = []
    stopped_by = ""
    while needed and not stopped_by:
        when = {item: due / vote.backing[item] for item, due in needed.items()}
        item = min(needed, key=lambda each: (when[each], turns[each]))
        if vote.costs[item] > left:
            stopped_by = item
            continue
        now, left = when[item], left - vote.costs[item]
        tied = tuple(
            sorted((other for other in needed if other != item and when[other] == now), key=in_order)
        )
        pays = {place: now - emptied[place] for place in vote.backers[item]}
        for place, each in pays.items():
            emptied[place] = now
            for other in vote.purses[place].items & needed.keys():
                needed[other] += each * vote.purses[place].weight
        del needed[item]
        steps.append(Step(item, vote.costs[item], vote.backing[item], tied, max(pays.values()), pays))
    return Outcome(vote, tuple(steps), now * vote.weight / len(vote.ballots), stopped_by)
