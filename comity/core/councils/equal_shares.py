"""The Method of Equal Shares: what is bought is paid by those who back it. docs/calculations/council-budget.md"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from math import ceil, gcd, lcm
from typing import NamedTuple

from comity.core.councils.ballots import Approval, Weights, in_order
from comity.core.councils.spending import Costs, Outcome, Step, Vote, by_votes, made_ready


class Completion(StrEnum):
    """How what the shares leave of the budget is spent; declared before the vote.

    RAISED   everybody's share is raised by one for each ballot, until the budget would be overrun; the last outcome within
             it stands (known as Add1)
    GREEDY   by votes
    NONE     not at all
    """

    RAISED = "raised"
    GREEDY = "greedy"
    NONE = "none"


def equal_shares(
    costs: Costs,
    ballots: Iterable[Approval],
    budget: int | Fraction,
    weights: Weights | None = None,
    completion: Completion = Completion.RAISED,
) -> Outcome:
    """Give every ballot its share of the budget by weight, and let those who back an item buy it together.

    Of all items whose backers have its cost left, that one is bought which has the most votes behind it: its cost, by what
    its backers would each pay if they pay alike by weight; who has less pays all it has. Everything is exact.

    Raises DomainError (`made_ready`).
    Method: Peters, Pierczyński and Skowron (2021), with the cost of an item as its worth to each who backs it.
    """
    vote = made_ready(costs, ballots, budget, weights)
    raised, found = 0, _Purchase(vote, 0)
    while completion == Completion.RAISED and len(found.steps) < len(vote.costs) and found.holds is not None:
        until = raised + max(1, ceil(found.holds))
        after = _Purchase(vote, until)
        if sum(step.cost for step in after.steps) > vote.budget:
            raised = until - 1
            break
        raised, found = until, after
    steps = _Purchase(vote, raised, told=True).steps
    if completion == Completion.GREEDY:
        steps += by_votes(vote, steps, completed=True)
    return Outcome(vote, tuple(steps), vote.budget / len(vote.ballots) + raised)


class _Offer(NamedTuple):
    """What a backer would pay for each unit of weight: left / weight, in the unit of the moment.

    now     the same by the item's cost, so that offers compare whatever the unit
    growth  by how much that grows while shares are raised by one for each ballot; `more` is the growth of `left`
    """

    now: Fraction
    growth: Fraction
    left: int = 0
    more: int = 0
    weight: int = 1


class _Purchase:
    """What is bought once shares were raised by some amount, and how far it stays so.

    told    whether each step says what each purse pays
    holds   by how much more they can be raised before anything can change; None if nothing ever does

    Amounts are whole numbers of a unit that becomes smaller with each purchase: exact, and no fraction has to be reduced.
    Beside each stands its growth. So every comparison that was made says for how long it holds, and raising shares one by
    one need not be tried where it changes nothing.
    """

    def __init__(self, vote: Vote, raised: int, *, told: bool = False) -> None:
        self.vote, self.told, self.turns = vote, told, vote.turns()
        self.steps: list[Step] = []
        self.holds: Fraction | None = None
        self.scale = lcm(*(purse.weight.denominator for purse in vote.purses))
        self.weights = [int(purse.weight * self.scale) for purse in vote.purses]
        whole = lcm(vote.budget.denominator, *(cost.denominator for cost in vote.costs.values()))
        self.unit = sum(self.weights) * whole
        # What a purse has left for each unit of its weight.
        self.money = [int((vote.budget + raised * len(vote.ballots)) * whole)] * len(vote.purses)
        self.growth = [len(vote.ballots) * whole] * len(vote.purses)
        # An item is never cheaper for its backers than if all of them paid alike, nor than it was before.
        self.offers = {
            item: _Offer(1 / (backing * self.scale), Fraction()) for item, backing in vote.backing.items()
        }
        while self._buy():
            pass

    def _buy(self) -> bool:
        """Buy the next item, if there is one."""
        best: Fraction | None = None
        fresh = set[str]()
        for item in sorted(self.offers, key=lambda each: self.offers[each].now):
            if best is not None and self.offers[item].now > best:
                break
            if offer := self._offer(item):
                fresh.add(item)
                self.offers[item] = offer
                best = offer.now if best is None else min(best, offer.now)
            else:
                del self.offers[item]
        equal = sorted((item for item in fresh if self.offers[item].now == best), key=self.turns.__getitem__)
        if not equal:
            return False
        offer = self.offers.pop(equal[0])
        for other in self.offers.values():
            self._hold(other.now - offer.now, other.growth - offer.growth)
        self._pay(equal[0], offer, tuple(sorted(equal[1:], key=in_order)))
        return True

    def _offer(self, item: str) -> _Offer | None:
        """If all backers pay alike, and who has less pays all; None where they have not enough."""
        cost = left = int(self.vote.costs[item] * self.unit)
        more, weight = 0, int(self.vote.backing[item] * self.scale)
        for place in sorted(self.vote.backers[item], key=self.money.__getitem__):
            if left <= self.money[place] * weight:
                whole = cost * weight
                return _Offer(Fraction(left, whole), Fraction(more, whole), left, more, weight)
            left -= self.money[place] * self.weights[place]
            more -= self.growth[place] * self.weights[place]
            weight -= self.weights[place]
        self._hold(left, more)
        return None

    def _pay(self, item: str, offer: _Offer, tied: tuple[str, ...]) -> None:
        smaller = offer.weight // gcd(offer.left, offer.more, offer.weight)
        price, more = offer.left * smaller // offer.weight, offer.more * smaller // offer.weight
        self.unit *= smaller
        self.money = [money * smaller for money in self.money]
        self.growth = [growth * smaller for growth in self.growth]
        each, pays = Fraction(self.scale, self.unit), dict[int, Fraction]()
        for place in self.vote.backers[item]:
            if self.told:
                pays[place] = min(price, self.money[place]) * each
            over, growth = self.money[place] - price, self.growth[place] - more
            self._hold(abs(over), growth if over >= 0 else -growth)
            self.money[place], self.growth[place] = (over, growth) if over >= 0 else (0, 0)
        self.steps.append(
            Step(item, self.vote.costs[item], 1 / (offer.now * self.scale), tied, price * each, pays)
        )

    def _hold(self, gap: int | Fraction, growth: int | Fraction) -> None:
        """Something holds as long as a gap, which is there now, does not close."""
        if growth < 0:
            closed = Fraction(gap) / -growth
            self.holds = closed if self.holds is None else min(self.holds, closed)
