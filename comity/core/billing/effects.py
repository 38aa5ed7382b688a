"""What bills would change by if rates were others: what was used, at two plans, or by two amounts that are split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from comity.core.billing.money import split_cents
from comity.core.billing.plans import Plan, rate


@dataclass(frozen=True)
class Change:
    """Cents: at the rates there are, and at the others."""

    before: int = 0
    after: int = 0

    @property
    def more(self) -> int:
        return self.after - self.before

    def __add__(self, other: Change) -> Change:
        return Change(self.before + other.before, self.after + other.after)


def at_plans(months: Sequence[Decimal], before: Plan, after: Plan) -> Change:
    """What was used, month by month, at two plans.

    A plan that is no more than a price is asked for all units at once, so that nothing is rounded in between.
    """
    return Change(_cents(before, months), _cents(after, months))


def _cents(plan: Plan, months: Sequence[Decimal]) -> int:
    at_once = [sum(months, Decimal())] if plan.is_one_price and plan.step is None else months
    return sum(rate(plan, {"": used}).cents for used in at_once)


def of_amounts(figures: Mapping[int, Sequence[Decimal]], before: int, after: int) -> dict[int, Change]:
    """Two amounts, each split between partners by their figures of all months; nobody's where all are zero."""
    weights = {str(partner): sum(months, Decimal()) for partner, months in figures.items()}
    if not any(weights.values()):
        return {}
    old, new = split_cents(before, weights), split_cents(after, weights)
    return {partner: Change(old[str(partner)], new[str(partner)]) for partner in figures}
