"""From cost pools to services: overhead passed on, to the cent. Worked tables: docs/calculations/cost-allocation.md.

Some centers serve other centers (a service desk, a building, the front office): what they cost is passed on by drivers,
until all of it lies on the services that partners pay for. Two methods of the federal cost principles (2 CFR 200,
appendix V): step-down, in an order in which nobody passes back; and reciprocal, where centers serve each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from comity.core.billing.money import AllocationError, half_up, split_cents

Drivers = Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True)
class Flow:
    """Cents that one center passes on to another, or to a service."""

    source: str
    target: str
    cents: int


@dataclass(frozen=True)
class Allocation:
    """Where the costs went.

    flows   in the order in which they were passed on; what flows into an overhead center and what it costs itself
            flows out of it, to the cent
    result  cents by service: what it costs itself and what flowed into it; adds up to all that there was
    """

    flows: tuple[Flow, ...]
    result: Mapping[str, int]

    def into(self, target: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.target == target]

    def out_of(self, source: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.source == source]

    def behind(self, target: str) -> set[str]:
        """The centers whose costs reach a center or a service, by whatever way."""
        found, ahead = set[str](), {target}
        while ahead:
            ahead = {flow.source for flow in self.flows if flow.target in ahead} - found
            found |= ahead
        return found

    def part(self, flow: Flow, drivers: Drivers) -> tuple[Decimal, Decimal]:
        """By how much the target of a flow is served, and all together whom its source passed something on to."""
        weights = drivers[flow.source]
        taking = {other.target for other in self.out_of(flow.source)}
        return weights.get(flow.target, Decimal()), sum((weights[one] for one in taking), Decimal())

    def plain(self, flow: Flow, drivers: Drivers) -> dict[str, Any]:
        """A flow as JSON, with the part that it is of all that its source passed on: cents are whole, weights text."""
        weight, whole = self.part(flow, drivers)
        return {
            "from": flow.source,
            "to": flow.target,
            "weight": str(weight),
            "of": str(whole),
            "whole_cents": sum(each.cents for each in self.out_of(flow.source)),
            "cents": flow.cents,
        }


@dataclass(frozen=True)
class Spread(Allocation):
    """Where costs went, and on to the offerings of each service.

    own    cents that a center or a service costs by itself, before anything is passed on
    parts  by service: its offerings, and the weight of each
    """

    own: Mapping[str, int]
    parts: Mapping[str, Mapping[str, Decimal]]

    @cached_property
    def total(self) -> int:
        return sum(self.own.values())

    @cached_property
    def of_offerings(self) -> Mapping[str, int]:
        """Cents by offering: its part of what its service costs. A service whose parts are all zero has none."""
        found: dict[str, int] = {}
        for service, cents in self.result.items():
            if any(self.parts.get(service, {}).values()):
                found |= split_cents(cents, self.parts[service])
        return found

    @property
    def unrecovered(self) -> list[tuple[str, int]]:
        """Services with costs and without an offering."""
        return [
            (service, cents) for service, cents in self.result.items() if cents and service not in self.parts
        ]


def step_down(direct: Mapping[str, int], order: Sequence[str], drivers: Drivers) -> Allocation:
    """Pass overhead on in an order; a center that has passed its costs on receives none.

    direct   cents by center and service, before anything is passed on
    order    the overhead centers, first to last
    drivers  by overhead center: who is served by it, and how much, in any unit

    What a center serves of those before it in the order, and of itself, does not count.

    Raises AllocationError, naming the center, if it serves nobody who is left, or somebody by less than nothing.
    """
    _refuse_negative(drivers)
    held, flows = dict(direct), list[Flow]()
    for place, center in enumerate(order):
        closed = set(order[: place + 1])
        served = {
            target: weight for target, weight in drivers.get(center, {}).items() if target not in closed
        }
        flows += _pass_on(held, center, held.pop(center, 0), served)
    return Allocation(tuple(flows), held)


def reciprocal(direct: Mapping[str, int], centers: Collection[str], drivers: Drivers) -> Allocation:
    """Pass overhead on at once, with all that centers do for each other.

    direct   cents by center and service, before anything is passed on
    centers  the overhead centers
    drivers  by overhead center: who is served by it, and how much, in any unit; itself does not count

    A center's full cost is its own and its part of the others' full costs: one linear equation each, solved exactly.
    Rounded to cents, each is then passed on; the cent or two by which what came in differs goes on towards the services.

    Raises AllocationError, naming them, if centers serve only each other, or one somebody by less than nothing.
    """
    _refuse_negative(drivers)
    names = sorted(centers)
    served = {
        center: {
            target: Fraction(weight) for target, weight in drivers.get(center, {}).items() if target != center
        }
        for center in names
    }
    nearer = _distances(names, served)
    full = _full_costs(direct, names, served)
    held, flows = dict(direct), list[Flow]()
    for center in names:
        flows += _pass_on(held, center, half_up(full[center]), served[center])
        held[center] = held.get(center, 0) - half_up(full[center])
    for center in sorted(names, key=lambda one: (-nearer[one], one)):
        onward = {
            one: weight
            for one, weight in served[center].items()
            if weight and nearer.get(one, 0) < nearer[center]
        }
        flows += _pass_on(held, center, held.pop(center), onward)
    return Allocation(_joined(flows), held)


def _refuse_negative(drivers: Drivers) -> None:
    for center, weights in drivers.items():
        if below := [target for target, weight in weights.items() if weight < 0]:
            raise AllocationError(
                f"“{center}” cannot be passed on: the driver of “{below[0]}” is below zero."
            )


def _pass_on(
    held: dict[str, int], center: str, cents: int, served: Mapping[str, Decimal | Fraction]
) -> list[Flow]:
    if not cents:
        return []
    try:
        shares = split_cents(cents, served)
    except AllocationError as error:
        raise AllocationError(f"{center} cannot be passed on. {error}") from error
    for target, share in shares.items():
        held[target] = held.get(target, 0) + share
    return [Flow(center, target, share) for target, share in shares.items() if share]


def _distances(centers: Sequence[str], served: Mapping[str, Mapping[str, Fraction]]) -> dict[str, int]:
    """In how many steps at least what a center costs reaches a service."""
    distance: dict[str, int] = {}
    while len(distance) < len(centers):
        reached = {
            center: 1 + min(steps)
            for center in centers
            if center not in distance
            if (
                steps := [
                    distance.get(target, 0)
                    for target, weight in served[center].items()
                    if weight and (target not in served or target in distance)
                ]
            )
        }
        if not reached:
            lost = ", ".join(center for center in centers if center not in distance)
            raise AllocationError(f"What {lost} costs never reaches a service.")
        distance |= reached
    return distance


def _full_costs(
    direct: Mapping[str, int], names: Sequence[str], served: Mapping[str, Mapping[str, Fraction]]
) -> dict[str, Fraction]:
    """Gauss and Jordan on fractions: of a few dozen centers, and exact."""
    part = {one: _parts(served[one]) for one in names}
    rows = [
        [*(Fraction(one == other) - part[other].get(one, 0) for other in names), Fraction(direct.get(one, 0))]
        for one in names
    ]
    for at in range(len(rows)):
        pivot = next(row for row in range(at, len(rows)) if rows[row][at])
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(len(rows)):
            if other != at and (factor := rows[other][at]):
                rows[other] = [
                    value - factor * base for value, base in zip(rows[other], rows[at], strict=True)
                ]
    return {name: row[-1] for name, row in zip(names, rows, strict=True)}


def _parts(weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    whole = sum(weights.values(), Fraction())
    return {target: weight / whole for target, weight in weights.items()} if whole else {}


def _joined(flows: Sequence[Flow]) -> tuple[Flow, ...]:
    """One flow between two, where there were two."""
    joined: dict[tuple[str, str], int] = {}
    for flow in flows:
        joined[flow.source, flow.target] = joined.get((flow.source, flow.target), 0) + flow.cents
    return tuple(Flow(source, target, cents) for (source, target), cents in joined.items() if cents)
