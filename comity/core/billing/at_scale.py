"""What usage costs, at scale: an Ibis expression that says of millions of rows what `plans.rate` says of one line.

Nothing runs here: an engine works it out (comity/engines). It sees whole numbers only, so that no two engines can
disagree: a quantity is so many parts, of which a unit has ten thousand for each day of the month; then a share of a
month is whole too. The tables it takes and gives, and why: docs/calculations/at-scale.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from ibis import _
from ibis.expr.types.groupby import GroupedTable

from comity.core.billing.plans import CENTS, DIGITS, PRICE_PLACES, QUANTITY_PLACES, Part, Shape
from comity.core.billing.usage_rows import ROWS

# Behind the point of money that is passed on: as clouds bill it.
COST_PLACES = 11
UNIT, PRICE_UNIT = 10**QUANTITY_PLACES, 10**PRICE_PLACES
# So many parts of a quantity times a price are a cent, but for the days of the month.
CENT = UNIT * PRICE_UNIT // CENTS
# So many times finer are the parts of a quantity that is money.
FINER = 10 ** (COST_PLACES - QUANTITY_PLACES)
NO_END = date(9999, 12, 31)

WIDE = dt.Decimal(38, 0)
QUANTITY, PRICE = dt.Decimal(DIGITS, QUANTITY_PLACES), dt.Decimal(DIGITS, PRICE_PLACES)
KEY = ("holding", "belongs_to", "nobody", "nothing")
LINE = ("partner", "offering", "belongs_to", "version")

# What of the rows counts.
READ = ("partner", "offering", "belongs_to", "on_day", "account", "used", "days", "cost")
USAGE = ibis.Schema({name: kind for name, kind in ibis.Schema.from_pyarrow(ROWS).items() if name in READ})
PARTNERS = ibis.schema({"partner": "int64", "customer_class": "int64"})
PRICES = ibis.schema(
    {
        "customer_class": "int64",
        "offering": "int64",
        "version": "int64",
        "starts_on": "date",
        "ends_on": "date",  # its last day; null for no end
        "shape": "string",
        "package": QUANTITY,
        "step": QUANTITY,
        "account_cap": "int64",
        "minimum": "int64",
        "maximum": "int64",
        "by_cost": "boolean",  # a unit is a dollar: of `cost`, and of `used` where that is null
    }
)
TIERS = ibis.schema(
    {"version": "int64", "ordinal": "int64", "above": QUANTITY, "up_to": QUANTITY, "price": PRICE}
)
# What narrows usage down, and leads it to whom it is billed.
MONTH = ibis.schema({"belongs_to": "date"})
MERGED = ibis.schema({"gone": "int64", "survivor": "int64"})
PAIRS = ibis.schema({"partner": "int64", "offering": "int64"})
# All it may be given, by the names under which an engine is.
SCHEMAS = {
    "usage": USAGE,
    "month": MONTH,
    "merged": MERGED,
    "pairs": PAIRS,
    "partners": PARTNERS,
    "prices": PRICES,
    "tiers": TIERS,
}
TABLES = {name: ibis.table(schema, name=name) for name, schema in SCHEMAS.items()}


class Outcome(StrEnum):
    """What became of a line's rows; only rated ones have an amount."""

    RATED = "rated"
    NO_RATE = "no rate"
    BELOW_ZERO = "below zero"
    NO_PART = "no part of a month"


@ibis.udf.scalar.builtin(name="quotient", signature=((WIDE, WIDE), WIDE))  # type: ignore[untyped-decorator]
def _quotient(whole: ir.DecimalValue, by: ir.DecimalValue) -> Any:
    """How often a whole number goes into another. Each engine defines it: Ibis would divide by way of floats."""


@dataclass(frozen=True)
class Rules:
    """What the plans at hand make use of. What none does is left out, which makes it quicker by a third.

    by_account  some plan has a step, a package or a cap for each account
    by_cost     some plan's unit is a dollar that was spent

    A plan that has one all the same has no rate.
    """

    by_account: bool = True
    by_cost: bool = True


ALL_RULES = Rules()


def narrowed(
    usage: ir.Table, month: ir.Table, merged: ir.Table | None = None, pairs: ir.Table | None = None
) -> ir.Table:
    """The usage that belongs to months.

    merged  partners that were made one with another: their usage is that one's
    pairs   partners and offerings, of which alone usage is wanted
    """
    found = usage.semi_join(month, MONTH.names)
    if merged is not None:
        led = found.left_join(merged, found.partner == merged.gone)
        found = led.mutate(partner=ibis.coalesce(led.survivor, led.partner)).select(*USAGE.names)
    return found if pairs is None else found.semi_join(pairs, PAIRS.names)


def lines(
    usage: ir.Table, partners: ir.Table, prices: ir.Table, tiers: ir.Table, rules: Rules = ALL_RULES
) -> ir.Table:
    """What each partner pays for each offering, month and rate, in this order.

    version        null where there was no rate
    quantity, per  the quantity, steps applied, is quantity / per
    cents          null unless the outcome is "rated"
    rows           of usage; each is in one line
    """
    held = _held(partners, prices, tiers, rules)
    each = _lines(_accounts(usage, held, rules), held, tiers, rules)
    return each.select(*LINE, "outcome", "quantity", "per", "cents", "rows").order_by(*LINE)


def parts(
    usage: ir.Table, partners: ir.Table, prices: ir.Table, tiers: ir.Table, rules: Rules = ALL_RULES
) -> ir.Table:
    """How the rated lines came about: by tier, or by account where a cap holds for each.

    units, per  units, or packages, are units / per
    price       dollars for one
    amount      exact cents are amount / (per * 10,000)
    """
    held = _held(partners, prices, tiers, rules)
    accounts = _accounts(usage, held, rules)
    rated = _lines(accounts, held, tiers, rules).filter(_.outcome == Outcome.RATED)
    rated = rated.select(*LINE, "charged", "shape", "scale", "per", "sign")
    capped = _charged(accounts.filter(_.account_cap.notnull())).select(
        *LINE, "account", "capped", own=_.charged
    )
    pieces = rated.left_join(capped, LINE).drop(*(f"{name}_right" for name in LINE))
    pieces = pieces.inner_join(_tiers(tiers), "version")
    whole = pieces.own.fill_null(pieces.charged.abs())
    above, up_to = pieces.above * pieces.scale, pieces.up_to * pieces.scale
    units = (pieces.shape == Shape.VOLUME).ifelse(
        _within(whole, above, up_to).ifelse(whole, 0), ibis.least(whole, up_to) - above
    )
    pieces = pieces.mutate(units=units.cast(WIDE)).filter(_.units > 0)
    amount = pieces.capped.fill_null((pieces.units * pieces.per_unit).cast(WIDE))
    pieces = pieces.select(
        *(*LINE, "account", "ordinal", "price", "per"),
        units=(pieces.units * pieces.sign).cast(WIDE),
        amount=(amount * pieces.sign).cast(WIDE),
    )
    return pieces.order_by(*LINE, "account", "ordinal")


def exact_part(row: Mapping[str, Any]) -> Part:
    """A row of `parts` as `plans.rate` says it."""
    per = int(row["per"])
    return Part(Fraction(int(row["units"]), per), row["price"], Fraction(int(row["amount"]), per * UNIT))


def _held(partners: ir.Table, prices: ir.Table, tiers: ir.Table, rules: Rules) -> ir.Table:
    """Which version holds for whom, from when to when, and what its plan says; `holding` is its number.

    finer     how much finer its quantity's parts are
    mirrored  a line below zero is the mirror image of its charge: a credit of money that is passed on
    first     the price of its first tier
    """
    sizes, bounds = ("step", "package"), ("account_cap", "minimum", "maximum")
    if not rules.by_account:
        prices = prices.filter(_.step.isnull(), _.package.isnull(), _.account_cap.isnull())
    if not rules.by_cost:
        prices = prices.filter(~_.by_cost)
    by_account = ibis.or_(*(prices[name].notnull() for name in (*sizes, "account_cap")))
    plans = prices.select(
        *("customer_class", "offering", "version", "starts_on", "shape"),
        ends_on=prices.ends_on.fill_null(NO_END),
        finer=prices.by_cost.ifelse(FINER, 1).cast("int64"),
        by_account=by_account,
        mirrored=prices.by_cost & ~by_account & prices.minimum.isnull(),
        **{name: _whole(prices[name], QUANTITY_PLACES) for name in sizes},
        **{name: (prices[name].cast(WIDE) * CENT).cast(WIDE) for name in bounds},
    )
    begin = tiers.filter(tiers.above == 0)
    first = begin.select("version", first=_whole(begin.price, PRICE_PLACES))
    held = partners.inner_join(plans, "customer_class").left_join(first, "version").drop("version_right")
    place = ibis.row_number().over(order_by=[held.partner, held.offering, held.version, held.starts_on])
    return held.mutate(holding=place)


def _accounts(usage: ir.Table, held: ir.Table, rules: Rules) -> ir.Table:
    """What was used, by line, and by account where a rule holds for each."""
    rows = _known(_sums(usage, held, rules), held)
    share = rows.days.cast("int64").fill_null(rows.month)
    spent = (rows.finer == FINER) & rows.cost.notnull()
    used = _quickly_whole(rows.used, QUANTITY_PLACES) * (share * rows.finer.fill_null(1))
    rows = rows.mutate(
        used=spent.ifelse(_whole(rows.cost, COST_PLACES) * rows.month, used).cast(WIDE),
        odd=((share < 0) | (share > rows.month)).ifelse(1, 0),
    )
    each = rows.group_by(*KEY, "account").aggregate(
        used=_.used.sum().cast(WIDE), rows=_.rows.sum(), odd=_.odd.sum()
    )
    return _known(each, held)


def _charged(each: ir.Table) -> ir.Table:
    """What each account is charged as: in steps, in packages, and, where it is capped, the amount."""
    step = each.step * each.scale
    counted = each.step.isnull().ifelse(each.used, _started(each.used, step) * step)
    each = each.mutate(counted=counted.cast(WIDE))
    packages = _started(each.counted, each.package * each.scale) * (each.scale * UNIT)
    each = each.mutate(charged=each.package.isnull().ifelse(each.counted, packages).cast(WIDE))
    capped = ibis.least(each.charged * each.first, each.account_cap * each.scale).cast(WIDE)
    return each.mutate(capped=each.account_cap.notnull().ifelse(capped, ibis.null(WIDE)))


def _sums(usage: ir.Table, held: ir.Table, rules: Rules) -> ir.Table:
    """Usage by line, by account where a rule holds for each, and by part of the month. This reads every row."""
    none = ibis.null(USAGE["cost"])
    if not rules.by_cost:
        return _grouped(usage, held, rules).aggregate(used=_.used.sum(), cost=none, rows=_.count())
    # Money by itself: it is rare, and adding it up for every row is not cheap.
    whole = _grouped(usage.filter(usage.cost.isnull()), held, rules)
    money = _grouped(usage.filter(usage.cost.notnull()), held, rules)
    return ibis.union(
        whole.aggregate(used=_.used.sum(), cost=none, rows=_.count()),
        money.aggregate(used=_.used.sum(), cost=_.cost.sum(), rows=_.count()),
    )


def _grouped(rows: ir.Table, held: ir.Table, rules: Rules) -> GroupedTable:
    # Comparisons and nothing else: for an `or`, DuckDB would compare every row with every version. By one number for
    # partner, offering and version together: whose rows have none are told apart by two more.
    joined = rows.left_join(
        held,
        [
            rows.partner == held.partner,
            rows.offering == held.offering,
            rows.on_day >= held.starts_on,
            rows.on_day <= held.ends_on,
        ],
    )
    none, no_account = joined.holding.isnull(), ibis.null("string")
    return joined.mutate(
        account=joined.by_account.ifelse(joined.account, no_account) if rules.by_account else no_account,
        nobody=none.ifelse(joined.partner, ibis.null("int64")),
        nothing=none.ifelse(joined.offering, ibis.null("int64")),
    ).group_by(*KEY, "account", "days")


def _known(rows: ir.Table, held: ir.Table) -> ir.Table:
    """Rows by number, with all that it stands for; `scale` makes a quantity, a price or cents as fine as the rows."""
    found = rows.left_join(held, "holding").drop("holding_right")
    month = (found.belongs_to + ibis.interval(months=1) - ibis.interval(days=1)).day().cast("int64")
    return found.mutate(
        partner=found.partner.fill_null(found.nobody),
        offering=found.offering.fill_null(found.nothing),
        month=month,
        scale=month * found.finer.fill_null(1),
    )


def _lines(accounts: ir.Table, held: ir.Table, tiers: ir.Table, rules: Rules) -> ir.Table:
    each = _charged(accounts)
    if rules.by_account:
        sums = each.group_by(*KEY).aggregate(
            counted=_.counted.sum().cast(WIDE),
            charged=_.charged.sum().cast(WIDE),
            capped=_.capped.sum().cast(WIDE),
            used=_.used.min(),
            rows=_.rows.sum(),
            odd=_.odd.sum(),
        )
        each = _known(sums, held)
    each = each.left_join(_tiers(tiers), "version").drop("version_right")
    charged, scale = each.charged.abs(), each.scale
    reached = _within(charged, each.above * scale, each.up_to * scale)
    each = each.filter(each.above.isnull() | ((each.above == 0) & (charged <= 0)) | reached)
    charged, scale = each.charged.abs(), each.scale
    graduated = each.shape == Shape.GRADUATED
    by_tier = graduated.ifelse(
        each.before * scale + (charged - each.above * scale) * each.per_unit, charged * each.per_unit
    )
    each = each.mutate(
        amount=each.account_cap.isnull().ifelse(by_tier, each.capped).cast(WIDE),
        quantity=each.counted,
        sign=(each.used < 0).ifelse(-1, 1),
        per=scale * UNIT,
        outcome=ibis.cases(
            (each.per_unit.isnull(), Outcome.NO_RATE),
            (each.odd > 0, Outcome.NO_PART),
            ((each.used < 0) & ~each.mirrored, Outcome.BELOW_ZERO),
            else_=Outcome.RATED,
        ),
    )
    bounded = ibis.least(ibis.greatest(each.amount, each.minimum * each.scale), each.maximum * each.scale)
    half_up = _into(bounded + each.scale * (CENT // 2), each.scale * CENT)
    cents = ibis.cases(
        (each.outcome != Outcome.RATED, ibis.null("int64")),
        (each.quantity == 0, ibis.literal(0, "int64")),
        # By way of 18 digits, which DuckDB has in 64 bits.
        else_=(half_up * each.sign).cast(dt.Decimal(DIGITS, 0)).cast("int64"),
    )
    return each.mutate(cents=cents)


def _tiers(tiers: ir.Table) -> ir.Table:
    """Tiers in whole numbers; `before` is what all before it cost together."""
    tiers = tiers.mutate(
        above=_whole(tiers.above, QUANTITY_PLACES),
        up_to=_whole(tiers.up_to, QUANTITY_PLACES),
        per_unit=_whole(tiers.price, PRICE_PLACES),
    )
    full = ((tiers.up_to - tiers.above) * tiers.per_unit).cast(WIDE).fill_null(0)
    so_far = full.sum().over(ibis.cumulative_window(group_by=tiers.version, order_by=tiers.ordinal))
    return tiers.mutate(before=(so_far - full).cast(WIDE))


def _within(charged: ir.DecimalValue, above: ir.DecimalValue, up_to: ir.DecimalValue) -> ir.BooleanValue:
    return (charged > above) & (up_to.isnull() | (charged <= up_to))


def _whole(number: ir.DecimalValue, places: int) -> ir.DecimalValue:
    """A number with so many decimals, counted in the last of them; one with more than 25 digits is refused.

    (With more, Spark would cut off the product's last ones; with 18, DuckDB would let it have no more than those.)
    """
    return (number.cast(dt.Decimal(25, places)) * 10**places).cast(WIDE)


def _quickly_whole(number: ir.DecimalValue, places: int) -> ir.DecimalValue:
    """The same, for a number that is in each line: DuckDB has the product in 64 bits where it can be."""
    small = (number.cast(dt.Decimal(DIGITS, places)) * 10**places).cast(dt.Decimal(DIGITS, 0))
    fits = number.abs() < 10 ** (DIGITS - 2 * places - 1)
    return fits.ifelse(small.cast(WIDE), _whole(number, places))


def _started(whole: ir.DecimalValue, size: ir.DecimalValue) -> ir.DecimalValue:
    return _into(whole + size - 1, size)


def _into(whole: ir.NumericValue, by: ir.NumericValue) -> ir.DecimalValue:
    return _quotient(whole.cast(WIDE), by.cast(WIDE))
