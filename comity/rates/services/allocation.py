"""Where a year's costs go: from the ledger's lines through steps of overhead to services, and on to their offerings.

The arithmetic is `core.billing.costs`; here is what it is asked. docs/calculations/cost-allocation.md works one example.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from comity.core.billing.costs import Allocation, Spread, reciprocal, step_down
from comity.core.billing.money import AllocationError
from comity.core.billing.rates import Rate
from comity.core.errors import DomainError
from comity.rates.models import CostModel, CostPool, Forecast, LedgerLine, Step
from comity.services.models import Service
from comity.ui.money import money

BUDGET = LedgerLine.Basis.BUDGET
Node = CostPool | Service
Weights = Mapping[str, Decimal]


@dataclass(frozen=True)
class Costs(Spread):
    """A year's costs, and where they went. Pools and services go by a key, which is their name.

    nodes      pools and services by key
    given      of those of a service, the pools they are booked in: (pool, service) to cents
    steps      by the key of their pool, in order
    weights    by the same key: whom it serves, and how much
    problem    a sentence, where costs cannot be passed on; then there are no flows and no result
    """

    model: CostModel
    nodes: Mapping[str, Node]
    given: Mapping[tuple[str, str], int]
    steps: Mapping[str, Step]
    weights: Mapping[str, Weights]
    forecasts: Sequence[Forecast]
    problem: str = ""

    def rate(self, forecast: Forecast) -> Rate:
        """What a unit has to cost. Raises DomainError where nothing gives a rate."""
        if self.problem:
            raise DomainError(self.problem)
        cents = self.of_offerings.get(forecast.offering.code, 0)
        return Rate(cents, forecast.carry_forward_cents, forecast.units)


def reckon(model: CostModel, basis: str = BUDGET) -> Costs:
    """Pass the costs of a year on; what cannot be is said in `problem`. Seven queries."""
    forecasts = list(model.forecasts.select_related("offering__service").order_by("offering__code"))
    steps = list(model.steps.select_related("pool").prefetch_related("shares"))
    allowable = model.lines.filter(basis=basis, unallowable=False)
    pools, services = CostPool.objects.in_bulk(), Service.objects.in_bulk()
    nodes: dict[str, Node] = {pool.name: pool for pool in pools.values()}

    def key(pool: int | None, service: int | None) -> str:
        """Its name, with a word behind that of a service which is called as a pool is."""
        if service is None:
            return pools[pool or 0].name
        found = services[service]
        is_two = isinstance(nodes.get(found.name), CostPool)
        name = _("%(name)s (service)") % {"name": found.name} if is_two else found.name
        nodes[name] = found
        return name

    own, units = defaultdict[str, int](int), defaultdict[str, Decimal](Decimal)
    given, parts = dict[tuple[str, str], int](), defaultdict[str, dict[str, Decimal]](dict)
    sums = allowable.order_by().values_list("pool", "service").annotate(Sum("amount_cents"))
    for pool, service, cents in sums:
        own[key(pool, service)] += cents
        if service:
            given[pools[pool].name, key(pool, service)] = cents
    for each in forecasts:
        name = key(None, each.offering.service_id)
        units[name] += each.units
        parts[name][each.offering.code] = each.weight
    spent = {one: Decimal(cents) for one, cents in own.items()}
    computed: dict[str, Weights] = {Step.Driver.USAGE: units, Step.Driver.SPEND: spent}
    weights = {}
    for step in steps:
        said = {key(share.to_pool_id, share.to_service_id): share.weight for share in step.shares.all()}
        by = computed.get(step.driver)
        if by is not None:
            # One that is computed and names nobody serves every service.
            reached = said or [one for one in by if isinstance(nodes[one], Service)]
            said = {one: by.get(one, Decimal()) for one in reached}
        weights[step.pool.name] = said
    ordered = {step.pool.name: step for step in steps}
    return _passed_on(Costs((), {}, own, parts, model, nodes, given, ordered, weights, forecasts))


def _passed_on(costs: Costs) -> Costs:
    services = {key: 0 for key, node in costs.nodes.items() if isinstance(node, Service)}
    pass_on = reciprocal if costs.model.method == CostModel.Method.RECIPROCAL else step_down
    try:
        done: Allocation = pass_on({**services, **costs.own}, list(costs.steps), costs.weights)
    except AllocationError as error:
        return replace(costs, problem=str(error))
    for key, cents in done.result.items():
        if cents and key not in services:
            words = _("%(cents)s of “%(pool)s” go nowhere. Add a step that says whom it serves.")
            return replace(costs, problem=words % {"cents": money(cents), "pool": key})
    return replace(costs, flows=done.flows, result={key: done.result[key] for key in services})
