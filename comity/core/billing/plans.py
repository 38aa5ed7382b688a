"""What a quantity costs: price plans, exact until the line is rounded. Worked tables: docs/calculations/price-plans.md.

A bill line is one offering's month under one rate version, for one partner. Its usage comes in accounts (a project, a
phone, a subscription); a plan's step and cap hold per account, its tiers, minimum and maximum for the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from comity.core.billing.money import half_up
from comity.core.errors import DomainError

# What a price and a quantity may have, before and behind the point; so both engines multiply them exactly.
PRICE_PLACES, QUANTITY_PLACES, DIGITS = 6, 4, 18
CENTS = 100
# What a plan may have beside its tiers: sizes, which are exact decimals, and bounds in cents.
SIZES = ("package", "step")
RULES = (*SIZES, "account_cap", "minimum", "maximum")


class PlanError(DomainError):
    """A plan, or a quantity, that means nothing; `field` is the part of the plan it is about."""


class Shape(StrEnum):
    """How the price depends on the quantity.

    FLAT       every unit at one price. Percent of spend and cost-plus are flat: their unit is a dollar
    GRADUATED  each unit at the price of the tier that it falls into
    VOLUME     all units at the price of the tier that the whole quantity falls into
    PACKAGE    each started package of so many units at one price
    """

    FLAT = "flat"
    GRADUATED = "graduated"
    VOLUME = "volume"
    PACKAGE = "package"


@dataclass(frozen=True)
class Tier:
    """A price, and the quantity up to which it holds, that one included; None for no end.

    up_to  units, at most 4 decimals
    price  dollars per unit, at most 6 decimals
    """

    up_to: Decimal | None
    price: Decimal


@dataclass(frozen=True)
class Plan:
    """How an offering is charged for.

    tiers        in order, the last without end; one alone unless graduated or by volume
    package      units in a package; of no other shape
    step         a started step of each account counts whole: 0.1 hours are six minutes; None counts to the last digit
    account_cap  the most that one account costs, in cents; a flat price or packages only
    minimum      the least that a line with usage costs, in cents
    maximum      the most that a line costs, in cents

    Raises PlanError, with a sentence, for tiers that overlap, leave a gap or never end, for prices below zero or with
    too many decimals, and for a rule that does not go with the shape.
    """

    shape: Shape
    tiers: tuple[Tier, ...]
    package: Decimal | None = None
    step: Decimal | None = None
    account_cap: int | None = None
    minimum: int | None = None
    maximum: int | None = None

    def __post_init__(self) -> None:
        _check_tiers(self.shape, self.tiers)
        if (self.package is None) == (self.shape == Shape.PACKAGE):
            raise PlanError("A package price, and no other, says how many units a package has.", "package")
        for size, name in ((self.package, "package"), (self.step, "step")):
            if size is not None and (not _fits(size, QUANTITY_PLACES) or size <= 0):
                raise PlanError(
                    f"A {name} has more than zero units, with at most {QUANTITY_PLACES} decimals.", name
                )
        if self.account_cap is not None and self.shape not in {Shape.FLAT, Shape.PACKAGE}:
            raise PlanError(
                "A cap per account needs one price: with tiers, accounts do not cost so much each.",
                "account_cap",
            )
        for name in ("account_cap", "minimum", "maximum"):
            if (getattr(self, name) or 0) < 0:
                raise PlanError("A minimum or a cap is not negative.", name)
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise PlanError("The minimum is more than the cap.", "maximum")

    @classmethod
    def flat(cls, price: Decimal | str) -> Plan:
        """One price, in dollars per unit."""
        return cls(Shape.FLAT, (Tier(None, Decimal(price)),))

    @classmethod
    def percent_of_spend(cls, percent: Decimal | str) -> Plan:
        """So many percent of what was spent: the quantity is dollars."""
        return cls.flat(Decimal(percent).scaleb(-2))

    @classmethod
    def cost_plus(cls, percent: Decimal | str = "0") -> Plan:
        """What it cost and so many percent more: the quantity is dollars. With 0, at cost."""
        return cls.flat(1 + Decimal(percent).scaleb(-2))

    @property
    def is_one_price(self) -> bool:
        """Whether half as much usage, or half a month of it, costs half: steps of an account aside."""
        bounds = (self.account_cap, self.minimum, self.maximum)
        return self.shape == Shape.FLAT and all(bound is None for bound in bounds)


Terms = Plan | int  # a plan; or a year's amount in cents, which is split between partners


def plain(plan: Plan) -> dict[str, Any]:
    """A plan as JSON, one plan always alike: decimals are text, and what it does not have is not said."""
    rules = {name: value for name in RULES if (value := getattr(plan, name)) is not None}
    return {
        "shape": plan.shape.value,
        "tiers": [
            {"up_to": tier.up_to and exact(tier.up_to), "price": exact(tier.price)} for tier in plan.tiers
        ],
        **{name: exact(value) if name in SIZES else value for name, value in rules.items()},
    }


def plan_of(said: Mapping[str, Any] | None) -> Plan:
    """The plan that `plain` wrote. Raises PlanError, with a sentence, for one that means nothing."""
    said = said or {}
    try:
        tiers = [
            Tier(tier["up_to"] and Decimal(tier["up_to"]), Decimal(tier["price"])) for tier in said["tiers"]
        ]
        rules: dict[str, Any] = {name: said[name] for name in RULES if name in said}
        sizes = {name: Decimal(rules[name]) for name in SIZES if name in rules}
        return Plan(Shape(said["shape"]), tuple(tiers), **(rules | sizes))
    except (KeyError, TypeError, ValueError, ArithmeticError):
        raise PlanError("This is no price plan.", "plan") from None


def price_row(plan: Plan) -> dict[str, Any]:
    """What `at_scale.PRICES` says of a plan."""
    return {"shape": plan.shape.value, **{name: getattr(plan, name) for name in RULES}}


def tier_rows(version: int, plan: Plan) -> Iterator[dict[str, Any]]:
    """A plan's tiers as `at_scale.TIERS` has them."""
    above = Decimal(0)
    for ordinal, tier in enumerate(plan.tiers):
        row = {"version": version, "ordinal": ordinal, "above": above}
        yield {**row, "up_to": tier.up_to, "price": tier.price}
        above = tier.up_to or above


def as_quantity(units: Fraction) -> Decimal:
    """As a line shows it, to four decimals; what its amount comes from are the exact parts."""
    return Decimal(half_up(units * 10**QUANTITY_PLACES)).scaleb(-QUANTITY_PLACES)


def exact(number: Decimal) -> str:
    """A number in as few digits as it has: 4 for 4.00, 0.0602."""
    return f"{number.normalize():f}"


def _check_tiers(shape: Shape, tiers: Sequence[Tier]) -> None:
    if not tiers or tiers[-1].up_to is not None:
        raise PlanError("The last tier has no end, so that every quantity has a price.", "tiers")
    ends = [tier.up_to for tier in tiers[:-1] if tier.up_to is not None]
    if len(ends) < len(tiers) - 1:
        raise PlanError("Only the last tier has no end.", "tiers")
    if not all(_fits(end, QUANTITY_PLACES) for end in ends):
        raise PlanError(f"A tier ends at a quantity with at most {QUANTITY_PLACES} decimals.", "tiers")
    for below, above in pairwise([Decimal(0), *ends]):
        if above <= below:
            raise PlanError(
                f"A tier up to {above.normalize():f} cannot follow one up to {below.normalize():f}.", "tiers"
            )
    if len(tiers) > 1 and shape in {Shape.FLAT, Shape.PACKAGE}:
        raise PlanError("Only graduated and volume prices have tiers.", "tiers")
    if any(not _fits(tier.price, PRICE_PLACES) or tier.price < 0 for tier in tiers):
        raise PlanError(f"A price is zero or more, with at most {PRICE_PLACES} decimals.", "tiers")


def _fits(number: Decimal, places: int) -> bool:
    """Whether both engines hold it: so many digits, and of them so many behind the point."""
    if not number.is_finite():
        return False
    _sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    return max(-exponent, 0) <= places and len(digits) + exponent <= DIGITS - places


def quantity(text: str) -> Decimal:
    """A quantity as a file has it.

    Raises PlanError, never rounds: for what is no number, infinite, below zero, or has more digits than count.
    """
    try:
        said = Decimal(text.strip())
    except ArithmeticError:
        raise PlanError(f"“{text}” is not a number.") from None
    said = said.normalize() if said.is_finite() else said
    if said.is_finite() and said < 0:
        raise PlanError(f"{text.strip()} is below zero. A correction has to say that it is one.")
    if not _fits(said, QUANTITY_PLACES):
        whole = DIGITS - QUANTITY_PLACES
        raise PlanError(
            f"{text.strip()} has more digits than we count: {whole} before the point, {QUANTITY_PLACES} behind it."
        )
    return said


@dataclass(frozen=True)
class Part:
    """A piece of a line's arithmetic: so many units at a price.

    units   units, or packages
    price   dollars for one
    amount  exact cents
    """

    units: Fraction
    price: Decimal
    amount: Fraction


@dataclass(frozen=True)
class Rated:
    """What a line costs, and how that came about.

    quantity  what the accounts used, steps applied; exact units
    parts     by tier, or by account where a cap holds; their amounts are exact cents
    exact     exact cents before the line's minimum and maximum
    cents     on the bill: bounded, then rounded half up, once
    """

    quantity: Fraction
    parts: tuple[Part, ...]
    exact: Fraction
    cents: int


def rate(plan: Plan, accounts: Mapping[str, Decimal | Fraction]) -> Rated:
    """What a partner's usage of an offering in a month costs.

    accounts  units used, by account; a part of a month counts as its part (see `prorated`)

    Never falls as a quantity grows, but for volume prices, whose nature it is. No usage costs nothing, whatever the
    minimum.

    Raises PlanError for a quantity below zero.
    """
    if any(used < 0 for used in accounts.values()):
        raise PlanError("A quantity below zero has no price. A correction is the difference of two amounts.")
    counted = [_stepped(Fraction(used), plan.step) for _name, used in sorted(accounts.items())]
    whole = sum(counted, Fraction())
    if plan.account_cap is None:
        parts = [] if not whole else list(_parts(plan, whole, counted))
    else:
        parts = [_capped(plan, part) for used in counted if used for part in _parts(plan, used, [used])]
    exact = sum((part.amount for part in parts), Fraction())
    return Rated(whole, tuple(parts), exact, half_up(_bounded(plan, exact) if whole else Fraction()))


def _stepped(used: Fraction, step: Decimal | None) -> Fraction:
    return used if step is None else -(-used // Fraction(step)) * Fraction(step)


def _parts(plan: Plan, whole: Fraction, accounts: Iterable[Fraction]) -> Iterable[Part]:
    if plan.shape == Shape.PACKAGE:
        assert plan.package is not None
        size = Fraction(plan.package)
        yield _part(Fraction(sum(-(-used // size) for used in accounts)), plan.tiers[0].price)
        return
    if plan.shape == Shape.VOLUME:
        yield _part(
            whole, next(tier.price for tier in plan.tiers if tier.up_to is None or whole <= tier.up_to)
        )
        return
    below = Fraction()
    for tier in plan.tiers:
        end = whole if tier.up_to is None else min(whole, Fraction(tier.up_to))
        if end > below:
            yield _part(end - below, tier.price)
            below = end


def _part(units: Fraction, price: Decimal) -> Part:
    return Part(units, price, units * Fraction(price) * CENTS)


def _capped(plan: Plan, part: Part) -> Part:
    assert plan.account_cap is not None
    return Part(part.units, part.price, min(part.amount, Fraction(plan.account_cap)))


def _bounded(plan: Plan, exact: Fraction) -> Fraction:
    least = exact if plan.minimum is None else max(exact, Fraction(plan.minimum))
    return least if plan.maximum is None else min(least, Fraction(plan.maximum))


def prorated(used: Decimal, days: int, of: int) -> Fraction:
    """The part of a month's quantity that so many of its days are; exact.

    Raises PlanError unless 0 <= days <= of.
    """
    if not 0 <= days <= of or of < 1:
        raise PlanError(f"{days} of {of} days is no part of a month.")
    return Fraction(used) * days / of


def is_dearer(price: Terms, than: Terms) -> bool:
    """Whether some usage may cost more than it did, or a year more to split. False is a promise that none does.

    Where that cannot be told from prices and bounds alone, as of packages in place of tiers, it is taken to be dearer.
    """
    if isinstance(price, int) or isinstance(than, int):
        return not (isinstance(price, int) and isinstance(than, int)) or price > than
    return _is_dearer(price, than)


def _is_dearer(plan: Plan, than: Plan) -> bool:
    if _rounds_up_further(plan.step, than.step) or (plan.step != than.step and than.shape == Shape.VOLUME):
        return True
    if any(_is_above(*pair) for pair in ((plan.account_cap, than.account_cap), (plan.maximum, than.maximum))):
        return True
    if (plan.minimum or 0) > (than.minimum or 0):
        return True
    if plan.shape == Shape.PACKAGE:
        assert plan.package is not None
        if than.shape != Shape.PACKAGE:
            return True
        assert than.package is not None
        return plan.tiers[0].price > than.tiers[0].price or plan.package < than.package
    sizes = {Fraction(tier.up_to) for one in (plan, than) for tier in one.tiers if tier.up_to is not None}
    just_above = {size + Fraction(1, 10**DIGITS) for size in sizes}  # nearer than any quantity
    far = (
        max(sizes, default=Fraction(0)) + 1
    )  # from here on both go straight on, at the prices of their last tiers
    costs_more = any(_exactly(plan, used) > _exactly(than, used) for used in sizes | just_above | {far})
    return costs_more or _per_unit(plan) > _per_unit(than)


def _rounds_up_further(step: Decimal | None, before: Decimal | None) -> bool:
    if step is None:
        return False
    return before is None or bool(Fraction(before) % Fraction(step))


def _is_above(cap: int | None, before: int | None) -> bool:
    return before is not None and (cap is None or cap > before)


def _exactly(plan: Plan, used: Fraction) -> Fraction:
    """Exact cents of a quantity; of packages what they cost at least."""
    if plan.shape == Shape.PACKAGE:
        return used * _per_unit(plan)
    return sum((part.amount for part in _parts(plan, used, [used])), Fraction())


def _per_unit(plan: Plan) -> Fraction:
    """Exact cents of one unit more of very many."""
    return Fraction(plan.tiers[-1].price) * CENTS / Fraction(plan.package or 1)
