"""A price as people write it in a list, in the words in which a rate sheet says one in English:

    58.30
    $0.50 up to 200; $0.40 up to 400; $0.25 above 400
    $0.50 for all if up to 200; $0.40 for all if above 200; at least $5.00 a month
    $2,500.00 for each started 500,000; at most $25,000.00 per account and month
    $75.00; counted in steps of 0.1
    8.26% of spend           cost plus 25%           at cost
    $120,000.00 a year, split by headcount

A comma in a number parts thousands, and a dollar sign may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from comity.core.billing.plans import CENTS, Plan, PlanError, Shape, Tier

LONGEST_TOLD = 80
N = r"\$?(-?[\d,]*\.?\d+)"  # a number, perhaps with commas and a dollar sign
_SHARED = re.compile(rf"{N} a year,? split by (.+)")
_PERCENT = re.compile(r"([\d,]*\.?\d+)\s*%(?: of spend)?")
_COST_PLUS = re.compile(r"(?:at )?cost(?: ?(?:plus|\+) ?([\d,]*\.?\d+)\s*%)?")
_PACKAGE = re.compile(rf"{N} for each started {N}")
_TIER = re.compile(rf"{N}(?P<all> for all if)? (?P<end>up to|above) {N}")
_FLAT = re.compile(N)
# What may stand beside the prices, by the rule of a plan that it says; so rate sheets say it too.
RULES = {
    "step": "counted in steps of %(much)s",
    "account_cap": "at most %(much)s per account and month",
    "minimum": "at least %(much)s a month",
    "maximum": "at most %(much)s a month",
}
_RULES = {
    name: re.compile(words.replace(" and month", "(?: and month)?") % {"much": N})
    for name, words in RULES.items()
}


@dataclass(frozen=True)
class Price:
    """What was written: a plan, of what was used or of what it cost us; or a year's amount and by what it is split."""

    plan: Plan | None = None
    of_cost: bool = False
    annual_cents: int | None = None
    split_by: str = ""


def read_price(text: str) -> Price:
    """Raises PlanError, with a sentence, for what is no price or means nothing."""
    phrases = [" ".join(part.split()).lower() for part in text.split(";") if part.strip()]
    if len(phrases) == 1 and (shared := _SHARED.fullmatch(phrases[0])):
        return Price(annual_cents=_cents(shared[1]), split_by=shared[2])
    rules: dict[str, Any] = {}
    prices = [phrase for phrase in phrases if not _took(phrase, rules)]
    try:
        plan, of_cost = (_single(prices[0]) if len(prices) == 1 else None) or (_tiered(prices), False)
        return Price(replace(plan, **rules), of_cost)
    except (ValueError, ArithmeticError):
        raise PlanError(
            f"We cannot read “{text[:LONGEST_TOLD]}” as a price. Write it like $0.50 up to 200; $0.25 above 200."
        ) from None


def _number(said: str) -> Decimal:
    return Decimal(said.replace(",", ""))


def _cents(said: str) -> int:
    amount = _number(said) * CENTS
    if amount != amount.to_integral_value():
        raise PlanError(f"“{said}” is not an amount in dollars.")
    return int(amount)


def _took(phrase: str, rules: dict[str, Any]) -> bool:
    """Whether a phrase is a rule beside the prices, which is then taken down."""
    for name, pattern in _RULES.items():
        if found := pattern.fullmatch(phrase):
            rules[name] = _number(found[1]) if name == "step" else _cents(found[1])
            return True
    return False


def _single(phrase: str) -> tuple[Plan, bool] | None:
    """What one price alone says, and whether it is of what it cost us; None for a tier."""
    if found := _COST_PLUS.fullmatch(phrase):
        return Plan.cost_plus(_number(found[1] or "0")), True
    if found := _PERCENT.fullmatch(phrase):
        return Plan.percent_of_spend(_number(found[1])), True
    if found := _PACKAGE.fullmatch(phrase):
        return Plan(Shape.PACKAGE, (Tier(None, _number(found[1])),), package=_number(found[2])), False
    found = _FLAT.fullmatch(phrase)
    return (Plan.flat(_number(found[1])), False) if found else None


def _tiered(phrases: Sequence[str]) -> Plan:
    """Raises ValueError for what is no tier."""
    tiers = [found for found in map(_TIER.fullmatch, phrases) if found]
    if not tiers or len(tiers) < len(phrases) or len({bool(each["all"]) for each in tiers}) > 1:
        raise ValueError("no price")
    if [each["end"] for each in tiers[-2:]] == ["up to", "above"] and tiers[-1][4] != tiers[-2][4]:
        raise PlanError("The last tier begins where the one before it ends.", "tiers")
    shape = Shape.VOLUME if tiers[0]["all"] else Shape.GRADUATED
    ends = [_number(each[4]) if each["end"] == "up to" else None for each in tiers]
    return Plan(shape, tuple(Tier(end, _number(each[1])) for end, each in zip(ends, tiers, strict=True)))
