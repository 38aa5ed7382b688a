"""How a price is said: what each way of pricing asks for, and the plan that follows from the answers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from comity.core.billing.plans import RULES, Plan, PlanError, Shape, Terms, Tier


class Way(StrEnum):
    """A way of pricing. Three of them are one price in the end: so much, a percentage, or cost and a percentage.

    SHARED  a year's amount, which has no plan
    """

    FLAT = "flat"
    GRADUATED = "graduated"
    VOLUME = "volume"
    PACKAGE = "package"
    PERCENT = "percent"
    COST_PLUS = "cost-plus"
    SHARED = "shared"


OF_COST = {Way.PERCENT, Way.COST_PLUS}
_BOUNDS = {"minimum", "maximum"}
# What each asks for: parts of a plan, the price or percentage that its tiers say, or the tiers themselves.
ASKS = {
    Way.FLAT: {"price", "step", "account_cap", *_BOUNDS},
    Way.GRADUATED: {"tiers", "step", *_BOUNDS},
    Way.VOLUME: {"tiers", "step", *_BOUNDS},
    Way.PACKAGE: {"price", "package", "account_cap", *_BOUNDS},
    Way.PERCENT: {"percent", "account_cap", *_BOUNDS},
    Way.COST_PLUS: {"percent", "account_cap", *_BOUNDS},
    Way.SHARED: {"annual_cents", "driver"},
}


def way_of(price: Terms, *, of_cost: bool) -> Way:
    """How a price was said; `of_cost`, where a unit is a dollar of what it cost."""
    if isinstance(price, int):
        return Way.SHARED
    if of_cost and price.shape == Shape.FLAT:
        return Way.PERCENT if price.tiers[0].price < 1 else Way.COST_PLUS
    return Way(price.shape.value)


def answers(plan: Plan, way: Way) -> dict[str, Any]:
    """What was answered, of a plan that was said in this way; all of it, whatever the way asks for."""
    price = plan.tiers[-1].price
    percent = (price - (way == Way.COST_PLUS)) * 100
    return {
        "price": price,
        "percent": percent.normalize() if percent else percent,
        "tiers": [{"up_to": tier.up_to, "price": tier.price} for tier in plan.tiers],
        **{name: getattr(plan, name) for name in RULES},
    }


def plan_from(way: Way, said: Mapping[str, Any]) -> Plan:
    """The plan that follows from answers, as numbers. Raises PlanError, about what was asked for."""
    rules = {name: said.get(name) for name in RULES}
    shape = Shape.FLAT if way in OF_COST else Shape(way.value)
    try:
        return Plan(shape, _tiers(way, said), **rules)
    except PlanError as error:
        asked = next(name for name in ("tiers", "percent", "price") if name in ASKS[way])
        raise PlanError(str(error), asked if error.field == "tiers" else error.field) from None


def _tiers(way: Way, said: Mapping[str, Any]) -> tuple[Tier, ...]:
    if way in OF_COST:
        return (Plan.percent_of_spend if way == Way.PERCENT else Plan.cost_plus)(said["percent"]).tiers
    if "tiers" not in ASKS[way]:
        return (Tier(None, said["price"]),)
    if any(line.get("price") is None for line in said["tiers"]):
        raise PlanError("Each tier has a price.", "tiers")
    return tuple(Tier(line.get("up_to"), line["price"]) for line in said["tiers"])
