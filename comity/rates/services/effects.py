"""What every partner's bills would change by: what was used, at the rates of a what-if against today's. Nothing is written.

Bills lie above this room, so what was used comes from them by `periods.Quantities`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from comity.core.billing.money import split_cents
from comity.core.billing.plans import Plan, plan_of, rate
from comity.core.errors import DomainError
from comity.nouns import all_of
from comity.office.services import today
from comity.partners.models import Partner
from comity.rates.models import CostModel, Forecast, RateVersion
from comity.rates.periods import Quantities
from comity.rates.services.allocation import Costs, reckon
from comity.rates.services.classes import class_of
from comity.rates.services.prices import EVERYBODY

Used = Mapping[int, list[Decimal]]  # by partner: units, month by month
Versions = Mapping[tuple[int, int], RateVersion]


@dataclass(frozen=True)
class Change:
    """Cents of a year: at today's rates, and at those of the what-if."""

    before: int = 0
    after: int = 0

    @property
    def more(self) -> int:
        return self.after - self.before

    def __add__(self, other: Change) -> Change:
        return Change(self.before + other.before, self.after + other.after)


@dataclass(frozen=True)
class Effects:
    """By partner and by offering, each by its key; `without` are offerings that were used and have no rate today."""

    partners: Mapping[int, Change]
    offerings: Mapping[int, Change]
    without: frozenset[int]

    @property
    def together(self) -> Change:
        return sum(self.partners.values(), Change())


def effects(model: CostModel, first: date, last: date) -> Effects:
    """What was used from a day to a day, at both rates. A class with a rate of its own keeps it.

    A plan that is no more than a price is asked for a year's units at once; any other month by month.

    Raises DomainError where the costs of the what-if cannot be passed on.
    """
    costs = reckon(model)
    if costs.problem:
        raise DomainError(costs.problem)
    used: dict[int, dict[int, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for source in all_of(Quantities):
        for partner, offering, _month, units in source.of(first, last):
            used[offering][partner].append(max(units, Decimal()))
    known = class_of(Partner.objects.filter(pk__in={partner for some in used.values() for partner in some}))
    held = RateVersion.objects.on(today()).select_related("offering")
    versions = {(each.offering_id, each.customer_class_id or EVERYBODY): each for each in held}
    forecasts = {each.offering_id: each for each in costs.forecasts}
    partners: dict[int, Change] = defaultdict(Change)
    offerings: dict[int, Change] = {}
    for offering, by_partner in used.items():
        changes = _of_offering(by_partner, offering, versions, known, costs, forecasts.get(offering))
        if changes is not None:
            offerings[offering] = sum(changes.values(), Change())
            for partner, change in changes.items():
                partners[partner] += change
    return Effects(partners, offerings, frozenset(used.keys() - offerings.keys()))


def _of_offering(
    used: Used,
    offering: int,
    versions: Versions,
    known: Mapping[int, int],
    costs: Costs,
    forecast: Forecast | None,
) -> dict[int, Change] | None:
    """What each partner pays for one offering; None where it has no rate today."""
    general = versions.get((offering, EVERYBODY))
    if general is not None and general.basis == RateVersion.Basis.SHARED:
        return _split(used, general.annual_cents or 0, costs.rate(forecast).to_recover if forecast else None)
    tried = _tried(costs, forecast, general)
    found = {}
    for partner, units in used.items():
        own = versions.get((offering, known.get(partner, EVERYBODY))) if known.get(partner) else None
        if version := own or general:
            before = plan_of(version.plan)
            after = before if own or tried is None else tried
            found[partner] = Change(_cents(before, units), _cents(after, units))
    return found or None


def _tried(costs: Costs, forecast: Forecast | None, general: RateVersion | None) -> Plan | None:
    """The plan that the what-if asks about: one that was said, or one price as costs give it; None for today's."""
    if forecast is None or (general is not None and general.basis == RateVersion.Basis.COST):
        return None
    return plan_of(forecast.plan) if forecast.plan else Plan.flat(costs.rate(forecast).price)


def _split(used: Used, today_cents: int, tried_cents: int | None) -> dict[int, Change]:
    """A year's amount, by the driver figures on the bills."""
    weights = {str(partner): sum(figures, Decimal()) for partner, figures in used.items()}
    if not any(weights.values()):
        return {}
    before = split_cents(today_cents, weights)
    after = before if tried_cents is None else split_cents(tried_cents, weights)
    return {partner: Change(before[str(partner)], after[str(partner)]) for partner in used}


def _cents(plan: Plan, units: Iterable[Decimal]) -> int:
    at_once = [sum(units, Decimal())] if plan.is_one_price and plan.step is None else units
    return sum(rate(plan, {"": used}).cents for used in at_once)
