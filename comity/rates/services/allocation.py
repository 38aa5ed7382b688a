"""Where a year's costs go: from the ledger's lines through steps of overhead to services, and on to their offerings.

The arithmetic is `core.billing.costs`; here is what it is asked. docs/calculations/cost-allocation.md works one example.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from django.db.models import Sum
from django.utils.translation import gettext as _

from comity.core.billing.costs import Allocation, Flow, reciprocal, step_down
from comity.core.billing.money import AllocationError, split_cents
from comity.core.billing.plans import PlanError
from comity.core.billing.rates import Rate
from comity.core.errors import DomainError
from comity.rates.models import CostModel, CostPool, Forecast, LedgerLine, Step
from comity.services.models import Service
from comity.ui.money import money

BUDGET = LedgerLine.Basis.BUDGET
Node = CostPool | Service
Weights = Mapping[str, Decimal]


@dataclass(frozen=True)
class Costs:
    """A year's costs, and where they went. Pools and services go by a key, which is their name.

    nodes      pools and services by key
    own        cents that a pool or a service costs by itself, before anything is passed on
    given      of those of a service, the pools they are booked in: (pool, service) to cents
    steps      by the key of their pool, in order
    weights    by the same key: whom it serves, and how much
    flows      what was passed on, in order
    result     cents of each service, overhead included; adds up to all there was
    problem    a sentence, where costs cannot be passed on; then there are no flows and no result
    """

    model: CostModel
    nodes: Mapping[str, Node]
    own: Mapping[str, int]
    given: Mapping[tuple[str, str], int]
    steps: Mapping[str, Step]
    weights: Mapping[str, Weights]
    forecasts: Sequence[Forecast]
    flows: Sequence[Flow] = ()
    result: Mapping[str, int] | None = None
    problem: str = ""

    @cached_property
    def total(self) -> int:
        return sum(self.own.values())

    @cached_property
    def keys(self) -> Mapping[Node, str]:
        return {node: key for key, node in self.nodes.items()}

    def into(self, key: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.target == key]

    def out_of(self, key: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.source == key]

    def weight(self, flow: Flow) -> tuple[Decimal, Decimal]:
        """A flow's part of its step, and all parts of those who still took some."""
        weights = self.weights[flow.source]
        taking = {other.target for other in self.out_of(flow.source)}
        return weights.get(flow.target, Decimal()), sum((weights[one] for one in taking), Decimal())

    @cached_property
    def of_offerings(self) -> Mapping[int, int]:
        """Cents of each forecast: its part of what its service costs. A service whose parts are all zero has none."""
        found: dict[int, int] = {}
        for key, cents in (self.result or {}).items():
            mine = {each.offering.code: each for each in self._forecasts_of(key)}
            if any(each.weight for each in mine.values()):
                shares = split_cents(cents, {code: each.weight for code, each in mine.items()})
                found |= {mine[code].pk: share for code, share in shares.items()}
        return found

    def _forecasts_of(self, key: str) -> list[Forecast]:
        return [each for each in self.forecasts if each.offering.service == self.nodes[key]]

    @property
    def unrecovered(self) -> list[tuple[str, int]]:
        """Services with costs for which no forecast says who pays them, the dearest first."""
        result = (self.result or {}).items()
        found = [(key, cents) for key, cents in result if cents and not self._forecasts_of(key)]
        return sorted(found, key=lambda one: -one[1])

    def rate(self, forecast: Forecast) -> Rate:
        """What a unit has to cost. Raises DomainError where nothing gives a rate."""
        if self.problem:
            raise DomainError(self.problem)
        cents = self.of_offerings.get(forecast.pk, 0)
        try:
            return Rate(cents, forecast.carry_forward_cents, forecast.units)
        except PlanError as error:
            raise DomainError(str(error)) from error


def reckon(model: CostModel, basis: str = BUDGET) -> Costs:
    """Pass the costs of a year on; what cannot be is said in `problem`. Seven queries."""
    forecasts = list(
        Forecast.objects.filter(model=model).select_related("offering__service").order_by("offering__code")
    )
    steps = list(model.steps.select_related("pool").prefetch_related("shares"))
    allowable = model.lines.filter(basis=basis, unallowable=False)
    sums = list(allowable.order_by().values_list("pool", "service").annotate(Sum("amount_cents")))
    shares = [share for step in steps for share in step.shares.all()]
    nodes, keys = _nodes(
        {pool for pool, _service, _cents in sums}
        | {step.pool_id for step in steps}
        | {share.to_pool_id for share in shares if share.to_pool_id},
        {service for _pool, service, _cents in sums if service}
        | {share.to_service_id for share in shares if share.to_service_id}
        | {each.offering.service_id for each in forecasts},
    )
    own: dict[str, int] = defaultdict(int)
    given: dict[tuple[str, str], int] = {}
    for pool, service, cents in sums:
        key = keys[Service, service] if service else keys[CostPool, pool]
        own[key] += cents
        if service:
            given[keys[CostPool, pool], key] = cents
    units: dict[str, Decimal] = defaultdict(Decimal)
    for each in forecasts:
        units[keys[Service, each.offering.service_id]] += each.units
    spent = {key: Decimal(cents) for key, cents in own.items()}
    computed = {Step.Driver.USAGE: units, Step.Driver.SPEND: spent}
    ordered = {keys[CostPool, step.pool_id]: step for step in steps}
    weights = {key: _weights(step, keys, computed, nodes) for key, step in ordered.items()}
    costs = Costs(model, nodes, own, given, ordered, weights, forecasts)
    return _passed_on(costs)


Keys = Mapping[tuple[type[Node], int], str]


def _nodes(pools: Iterable[int], services: Iterable[int]) -> tuple[dict[str, Node], Keys]:
    """By key, and the keys: names, with a word behind that of a service which is called as a pool is."""
    nodes: dict[str, Node] = {pool.name: pool for pool in CostPool.objects.filter(pk__in=pools)}
    for service in Service.objects.filter(pk__in=services):
        name = service.name
        nodes[_("%(name)s (service)") % {"name": name} if name in nodes else name] = service
    return nodes, {(type(node), node.pk): key for key, node in nodes.items()}


def _weights(
    step: Step, keys: Keys, computed: Mapping[Step.Driver, Weights], nodes: Mapping[str, Node]
) -> dict[str, Decimal]:
    """Whom a step serves, and by how much. A computed driver that names nobody serves every service."""
    said = {
        keys[(CostPool, share.to_pool_id) if share.to_pool_id else (Service, share.to_service_id or 0)]: (
            share.weight
        )
        for share in step.shares.all()
    }
    driver = Step.Driver(step.driver)
    if driver not in computed:
        return said
    reached = said or [key for key in computed[driver] if isinstance(nodes[key], Service)]
    return {key: computed[driver].get(key, Decimal()) for key in reached}


def _passed_on(costs: Costs) -> Costs:
    services = {key: 0 for key, node in costs.nodes.items() if isinstance(node, Service)}
    for pool, weights in costs.weights.items():
        if below := [key for key, weight in weights.items() if weight < 0]:
            words = _("“%(pool)s” cannot be passed on: the driver of “%(to)s” is below zero.")
            return replace(costs, problem=words % {"pool": pool, "to": below[0]})
    pass_on = reciprocal if costs.model.method == CostModel.Method.RECIPROCAL else step_down
    try:
        done: Allocation = pass_on({**services, **costs.own}, list(costs.steps), costs.weights)
    except AllocationError as error:
        return replace(costs, problem=str(error))
    stuck = {key: cents for key, cents in done.result.items() if cents and key not in services}
    if stuck:
        key, cents = next(iter(stuck.items()))
        words = _("%(cents)s of “%(pool)s” go nowhere. Add a step that says whom it serves.")
        return replace(costs, problem=words % {"cents": money(cents), "pool": key})
    return replace(costs, flows=done.flows, result={key: done.result[key] for key in services})
