"""What bills would change by if rates were others: what was used, at two plans, or by two amounts that are split."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from comity.core.billing.holding import EVERYBODY
from comity.core.billing.money import split_cents
from comity.core.billing.plans import Plan, Terms, rate

Used = Mapping[int, Mapping[int, Sequence[Decimal]]]  # by offering and partner: its units month by month


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


@dataclass(frozen=True)
class Effects:
    """By partner and by offering, each by its key; `without` are offerings that were used and have no price today."""

    partners: Mapping[int, Change] = field(default_factory=dict)
    offerings: Mapping[int, Change] = field(default_factory=dict)
    without: frozenset[int] = frozenset()

    @property
    def together(self) -> Change:
        return sum(self.partners.values(), Change())


def effects(
    used: Used,
    classes: Mapping[int, int],
    today: Mapping[tuple[int, int], Terms],
    tried: Mapping[int, Terms],
) -> Effects:
    """What bills would change by, of what was used. A class with a price of its own keeps it.

    classes  the customer class of each partner; of those in none, `EVERYBODY`
    today    prices by offering and class
    tried    by offering, in place of the price for everybody
    """
    partners, offerings = defaultdict[int, Change](Change), dict[int, Change]()
    for offering, by_partner in used.items():
        general = today.get((offering, EVERYBODY))
        other = tried.get(offering, general)
        if isinstance(general, int) and isinstance(other, int):
            changes = of_amounts(by_partner, general, other)
        else:
            changes = {}
            for partner, months in by_partner.items():
                own = today.get((offering, classes.get(partner, EVERYBODY)), general)
                after = other if own is general else own
                if isinstance(own, Plan) and isinstance(after, Plan):
                    changes[partner] = at_plans(months, own, after)
            if not changes:
                continue
        offerings[offering] = sum(changes.values(), Change())
        for partner, change in changes.items():
            partners[partner] += change
    return Effects(partners, offerings, frozenset(used.keys() - offerings.keys()))
