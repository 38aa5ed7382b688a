"""Price plans as the database keeps them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from comity.core.billing.plans import Plan, Shape, Tier

NUMBERS = ("package", "step")  # exact decimals, kept as text
CENTS = ("account_cap", "minimum", "maximum")


def plain(plan: Plan) -> dict[str, Any]:
    """A plan as JSON, one plan always alike; what it does not have is not said."""
    tiers = [{"up_to": tier.up_to and exact(tier.up_to), "price": exact(tier.price)} for tier in plan.tiers]
    said: dict[str, Any] = {"shape": plan.shape.value, "tiers": tiers}
    numbers = {name: getattr(plan, name) for name in NUMBERS}
    said |= {name: exact(number) for name, number in numbers.items() if number is not None}
    cents = {name: getattr(plan, name) for name in CENTS}
    return said | {name: amount for name, amount in cents.items() if amount is not None}


def plan_of(said: dict[str, Any]) -> Plan:
    """The plan that `plain` wrote. Raises PlanError, with a sentence, for one that means nothing."""
    tiers = tuple(
        Tier(tier["up_to"] and Decimal(tier["up_to"]), Decimal(tier["price"])) for tier in said["tiers"]
    )
    numbers: dict[str, Any] = {name: Decimal(said[name]) for name in NUMBERS if name in said}
    return Plan(
        Shape(said["shape"]), tiers, **numbers, **{name: said[name] for name in CENTS if name in said}
    )


def exact(number: Decimal) -> str:
    """A number in as few digits as it has: 4 for 4.00, 0.0602."""
    return f"{number.normalize():f}"
