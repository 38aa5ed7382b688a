"""What wins under each way of weighing partners, and what wins whichever is taken: docs/calculations/council-budget.md"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import isqrt

from comity.core.councils.ballots import Approval, in_order
from comity.core.councils.equal_shares import Completion, equal_shares
from comity.core.councils.spending import Costs, Outcome

# A headcount's root is taken as a whole number, to three decimals: 1,000 × √headcount, rounded down.
ROOT_OF = 10**6


class WeightRule(StrEnum):
    """EQUAL   one partner one share
    ROOT    the square root of its headcount
    SPEND   its part of what partners spend on IT
    """

    EQUAL = "equal"
    ROOT = "root"
    SPEND = "spend"


@dataclass(frozen=True, slots=True)
class SideBySide:
    """outcomes   under each rule; None where no partner that voted has the figure
    left_out   of each rule, the partners that voted but have no figure, or one of zero
    """

    outcomes: Mapping[WeightRule, Outcome | None]
    left_out: Mapping[WeightRule, tuple[str, ...]]

    @property
    def robust(self) -> tuple[str, ...]:
        """What wins under all three rules."""
        won = [set(outcome.items) if outcome else set[str]() for outcome in self.outcomes.values()]
        return tuple(sorted(set.intersection(*won), key=in_order))

    @property
    def depends(self) -> tuple[str, ...]:
        """What wins under some rule but not under all."""
        won = {item for outcome in self.outcomes.values() if outcome for item in outcome.items}
        return tuple(sorted(won - set(self.robust), key=in_order))


def weights_by(
    rule: WeightRule, partners: Iterable[str], headcount: Mapping[str, int], spend: Mapping[str, int]
) -> dict[str, int]:
    """What each partner weighs under a rule; whoever has no figure, or zero, is not in it.

    headcount   employees of each partner that has the figure
    spend       what it spends on IT in a year, in any one unit
    """
    if rule == WeightRule.EQUAL:
        return dict.fromkeys(partners, 1)
    if rule == WeightRule.ROOT:
        figures = {partner: isqrt(headcount.get(partner, 0) * ROOT_OF) for partner in partners}
    else:
        figures = {partner: spend.get(partner, 0) for partner in partners}
    return {partner: figure for partner, figure in figures.items() if figure > 0}


def under_each_rule(
    costs: Costs,
    ballots: Collection[Approval],
    budget: int | Fraction,
    *,
    headcount: Mapping[str, int],
    spend: Mapping[str, int],
    completion: Completion = Completion.RAISED,
) -> SideBySide:
    """Count one vote by Equal Shares under the three rules.

    Raises DomainError for no ballots and what `made_ready` refuses.
    """
    partners = sorted({ballot.partner for ballot in ballots})
    weights = {rule: weights_by(rule, partners, headcount, spend) for rule in WeightRule}
    return SideBySide(
        {
            rule: equal_shares(costs, ballots, budget, of, completion)
            if of or rule == WeightRule.EQUAL
            else None
            for rule, of in weights.items()
        },
        {rule: tuple(partner for partner in partners if partner not in of) for rule, of in weights.items()},
    )
