"""A price as people write it in a list, in the words in which we say one ourselves (`wording`, in English):

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
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from comity.core.billing.plans import Plan, PlanError, Shape, Tier
from comity.core.errors import DomainError
from comity.rates.models import Driver, RateVersion
from comity.rates.services.plans import plain

Facts = dict[str, Any]
BASIS = RateVersion.Basis
N = r"\$?(-?[\d,]*\.?\d+)"  # a number, perhaps with commas and a dollar sign
_SHARED = re.compile(rf"{N} a year,? split by (.+)")
_PERCENT = re.compile(r"([\d,]*\.?\d+)\s*%(?: of spend)?")
_COST_PLUS = re.compile(r"(?:at )?cost(?: ?(?:plus|\+) ?([\d,]*\.?\d+)\s*%)?")
_PACKAGE = re.compile(rf"{N} for each started {N}")
_TIER = re.compile(rf"{N}(?P<all> for all if)? (?P<end>up to|above) {N}")
_FLAT = re.compile(N)
_CONDITIONS = {
    "step": re.compile(rf"counted in steps of {N}"),
    "account_cap": re.compile(rf"at most {N} per account(?: and month)?"),
    "minimum": re.compile(rf"at least {N} a month"),
    "maximum": re.compile(rf"at most {N} a month"),
}


def read_price(text: str) -> Facts:
    """The basis of a rate with its plan, or with the year's amount and what it is split by. Raises DomainError."""
    phrases = [" ".join(part.split()).lower() for part in text.split(";") if part.strip()]
    if phrases and (shared := _SHARED.fullmatch(phrases[0])) and len(phrases) == 1:
        return _read_shared(*shared.groups())
    conditions: dict[str, Any] = {}
    prices = [phrase for phrase in phrases if not _took(phrase, conditions)]
    try:
        basis, shape, tiers, package = _read_prices(prices)
        plan = Plan(shape, tiers, package=package, **conditions)
    except PlanError as error:
        raise DomainError(str(error)) from None
    except (ValueError, ArithmeticError):
        raise DomainError(
            _("We cannot read “%(text)s” as a price. Write it like $0.50 up to 200; $0.25 above 200.")
            % {"text": text[:80]}
        ) from None
    return {"basis": basis, "plan": plain(plan), "annual_cents": None, "driver": ""}


def _number(said: str) -> Decimal:
    return Decimal(said.replace(",", ""))


def _cents(said: str) -> int:
    amount = _number(said) * 100
    if amount != amount.to_integral_value():
        raise DomainError(_("“%(text)s” is not an amount in dollars.") % {"text": said})
    return int(amount)


def _took(phrase: str, conditions: dict[str, Any]) -> bool:
    """Whether a phrase is a condition, which is then taken down."""
    for name, pattern in _CONDITIONS.items():
        if found := pattern.fullmatch(phrase):
            conditions[name] = _number(found[1]) if name == "step" else _cents(found[1])
            return True
    return False


def _read_prices(phrases: list[str]) -> tuple[str, Shape, tuple[Tier, ...], Decimal | None]:
    """Basis, shape, tiers and package. Raises ValueError for what is no price."""
    if not phrases:
        raise ValueError("no price")
    first, *others = phrases
    if not others:
        if found := _COST_PLUS.fullmatch(first):
            return BASIS.COST, Shape.FLAT, (Tier(None, 1 + _number(found[1] or "0").scaleb(-2)),), None
        if found := _PERCENT.fullmatch(first):
            return BASIS.COST, Shape.FLAT, (Tier(None, _number(found[1]).scaleb(-2)),), None
        if found := _PACKAGE.fullmatch(first):
            return BASIS.UNITS, Shape.PACKAGE, (Tier(None, _number(found[1])),), _number(found[2])
        if found := _FLAT.fullmatch(first):
            return BASIS.UNITS, Shape.FLAT, (Tier(None, _number(found[1])),), None
    found_tiers = [_TIER.fullmatch(phrase) for phrase in phrases]
    known = [each for each in found_tiers if each is not None]
    if len(known) < len(phrases) or len({bool(each["all"]) for each in known}) > 1:
        raise ValueError("no price")
    shape = Shape.VOLUME if known[0]["all"] else Shape.GRADUATED
    tiers = [Tier(_number(each[4]) if each["end"] == "up to" else None, _number(each[1])) for each in known]
    if [each["end"] for each in known[-2:]] == ["up to", "above"] and known[-1][4] != known[-2][4]:
        raise PlanError("The last tier begins where the one before it ends.", "tiers")
    return BASIS.UNITS, shape, tuple(tiers), None


def _read_shared(amount: str, split_by: str) -> Facts:
    known = {str(label).lower(): value for value, label in Driver.choices} | {
        value: value for value in Driver.values
    }
    driver = known.get(split_by)
    if driver is None:
        raise DomainError(_("“%(text)s” is not what an amount can be split by.") % {"text": split_by[:80]})
    return {"basis": BASIS.SHARED, "plan": None, "annual_cents": _cents(amount), "driver": driver}
