"""What usage costs, at scale: an Ibis expression that says of millions of rows what `plans.rate` says of one line.

Nothing runs here: an engine works it out (comity/engines). It sees whole numbers only, so that no two engines can
disagree: a quantity is so many parts, of which a unit has ten thousand for each day of the month; then a share of a
month is whole too. The tables it takes and gives, and why: docs/calculations/at-scale.md.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from ibis import _
from ibis.expr.types.groupby import GroupedTable

from comity.core.billing.plans import CENTS, DIGITS, PRICE_PLACES, QUANTITY_PLACES, Shape

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
LINE = ("partner", "offering", "belongs_to", "version")

USAGE = ibis.schema(
    {
        "partner": "int64",
        "offering": "int64",
        "belongs_to": "date",  # the first of the month
        "on_day": "date",
        "account": "string",
        "used": QUANTITY,
        "days": "int16",  # of the month; null for all of it
        "cost": dt.Decimal(
            38, COST_PLACES
        ),  # dollars that are passed on; null for what costs nobody anything yet
    }
)
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


class Outcome(StrEnum):
    """What became of a line's rows; only rated ones have an amount."""

    RATED = "rated"
    NO_RATE = "no rate"
    BELOW_ZERO = "below zero"
    NO_PART = "no part of a month"


@ibis.udf.scalar.builtin(name="quotient", signature=((WIDE, WIDE), WIDE))  # type: ignore[untyped-decorator]
def _quotient(whole: ir.DecimalValue, by: ir.DecimalValue) -> Any:
    """How often a whole number goes into another. Each engine defines it: Ibis would divide by way of floats."""


def lines(usage: ir.Table, partners: ir.Table, prices: ir.Table, tiers: ir.Table) -> ir.Table:
    """What each partner pays for each offering, month and rate, in this order.

    version        null where there was no rate
    quantity, per  the quantity, steps applied, is quantity / per
    cents          null unless the outcome is "rated"
    rows           of usage; each is in one line
    """
    each = _lines(_charges(usage, partners, prices), _priced(prices, tiers))
    return each.select(*LINE, "outcome", "quantity", "per", "cents", "rows").order_by(*LINE)


def parts(usage: ir.Table, partners: ir.Table, prices: ir.Table, tiers: ir.Table) -> ir.Table:
    """How the rated lines came about: by tier, or by account where a cap holds for each.

    units, per  units, or packages, are units / per
    price       dollars for one
    amount      exact cents are amount / (per * 10,000)
    """
    charges, priced = _charges(usage, partners, prices), _priced(prices, tiers)
    rated = _lines(charges, priced).filter(_.outcome == Outcome.RATED).select(*LINE, "sign")
    found = charges.inner_join(priced, "version").inner_join(rated, LINE)
    charged, above, up_to = found.charged.abs(), found.above * found.scale, found.up_to * found.scale
    units = (found.shape == Shape.VOLUME).ifelse(
        _within(charged, above, up_to).ifelse(charged, 0), ibis.least(charged, up_to) - above
    )
    found = found.mutate(units=units.cast(WIDE)).filter(_.units > 0)
    amount = ibis.least(found.units * found.per_unit, found.account_cap * found.scale)
    found = found.select(
        *(*LINE, "account", "ordinal", "price"),
        units=(found.units * found.sign).cast(WIDE),
        per=found.scale * UNIT,
        amount=(amount * found.sign).cast(WIDE),
    )
    return found.order_by(*LINE, "account", "ordinal")


def _charges(usage: ir.Table, partners: ir.Table, prices: ir.Table) -> ir.Table:
    """By line, and by account where a cap holds for each: what was counted, and what it is charged as."""
    rows = _sums(usage, _held(partners, prices)).left_join(_plans(prices), "version")
    month = (rows.belongs_to + ibis.interval(months=1) - ibis.interval(days=1)).day().cast("int64")
    share, finer = rows.days.cast("int64").fill_null(month), rows.finer.fill_null(1)
    spent = (finer == FINER) & rows.cost.notnull()
    used = _whole(rows.used, QUANTITY_PLACES) * (share * finer)
    rows = rows.mutate(
        scale=month * finer,
        used=spent.ifelse(_whole(rows.cost, COST_PLACES) * month, used).cast(WIDE),
        odd=((share < 0) | (share > month)).ifelse(1, 0),
    )
    each = rows.group_by(*LINE, "account", "step", "package", "account_cap", "scale").aggregate(
        used=_.used.sum(), rows=_.rows.sum(), odd=_.odd.sum()
    )
    step = each.step * each.scale
    counted = each.step.isnull().ifelse(each.used, _started(each.used, step) * step)
    each = each.mutate(counted=counted.cast(WIDE))
    packages = _started(each.counted, each.package * each.scale) * (each.scale * UNIT)
    each = each.mutate(
        charged=each.package.isnull().ifelse(each.counted, packages).cast(WIDE),
        account=each.account_cap.isnull().ifelse(ibis.null("string"), each.account),
    )
    return each.group_by(*LINE, "account", "scale").aggregate(
        counted=_.counted.sum(),
        charged=_.charged.sum(),
        lowest=_.used.min(),
        rows=_.rows.sum(),
        odd=_.odd.sum(),
    )


def _held(partners: ir.Table, prices: ir.Table) -> ir.Table:
    """Which version holds for whom, and from when to when."""
    held = partners.inner_join(prices, "customer_class")
    return held.select(
        *("partner", "offering", "version", "starts_on"),
        ends_on=held.ends_on.fill_null(NO_END),
        by_account=held.step.notnull() | held.package.notnull() | held.account_cap.notnull(),
        holding=ibis.row_number().over(order_by=[held.partner, held.version, held.offering, held.starts_on]),
    )


def _sums(usage: ir.Table, held: ir.Table) -> ir.Table:
    """Usage by line, by account where a rule holds for each, and by part of the month. This reads every row."""
    # Money by itself: it is rare, and adding it up for every row is not cheap.
    whole = _grouped(usage.filter(usage.cost.isnull()), held)
    money = _grouped(usage.filter(usage.cost.notnull()), held)
    sums = ibis.union(
        whole.aggregate(used=_.used.sum(), cost=ibis.null(USAGE["cost"]), rows=_.count()),
        money.aggregate(used=_.used.sum(), cost=_.cost.sum(), rows=_.count()),
    )
    sums = sums.left_join(held, "holding")
    return sums.select(
        *("belongs_to", "account", "days", "used", "cost", "rows", "version"),
        partner=ibis.coalesce(sums.partner, sums.nobody),
        offering=ibis.coalesce(sums.offering, sums.nothing),
    )


def _grouped(rows: ir.Table, held: ir.Table) -> GroupedTable:
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
    none = joined.holding.isnull()
    return joined.mutate(
        account=joined.by_account.ifelse(joined.account, ibis.null("string")),
        nobody=none.ifelse(joined.partner, ibis.null("int64")),
        nothing=none.ifelse(joined.offering, ibis.null("int64")),
    ).group_by("holding", "belongs_to", "account", "days", "nobody", "nothing")


def _lines(charges: ir.Table, priced: ir.Table) -> ir.Table:
    found = charges.left_join(priced, "version")
    charged = found.charged.abs()
    reached = _within(charged, found.above * found.scale, found.up_to * found.scale)
    found = found.filter(found.above.isnull() | ((found.above == 0) & (charged == 0)) | reached)
    amount = found.before * found.scale + (found.charged.abs() - found.since * found.scale) * found.per_unit
    found = found.mutate(amount=ibis.least(amount, found.account_cap * found.scale).cast(WIDE))
    each = found.group_by(*LINE, "scale", "minimum", "maximum", "mirrored").aggregate(
        amount=_.amount.sum(),
        quantity=_.counted.sum(),
        rows=_.rows.sum(),
        lowest=_.lowest.min(),
        odd=_.odd.max(),
    )
    outcome = ibis.cases(
        (each.amount.isnull(), Outcome.NO_RATE),
        (each.odd > 0, Outcome.NO_PART),
        ((each.lowest < 0) & ~each.mirrored, Outcome.BELOW_ZERO),
        else_=Outcome.RATED,
    )
    each = each.mutate(outcome=outcome, sign=(each.lowest < 0).ifelse(-1, 1), per=each.scale * UNIT)
    least, most = each.minimum * each.scale, each.maximum * each.scale
    bounded = ibis.least(ibis.greatest(each.amount, least), most)
    half_up = _into(bounded + each.scale * (CENT // 2), each.scale * CENT)
    cents = ibis.cases(
        (each.outcome != Outcome.RATED, ibis.null("int64")),
        (each.quantity == 0, ibis.literal(0, "int64")),
        else_=(half_up * each.sign).cast("int64"),
    )
    return each.mutate(cents=cents)


def _within(charged: ir.DecimalValue, above: ir.DecimalValue, up_to: ir.DecimalValue) -> ir.BooleanValue:
    return (charged > above) & (up_to.isnull() | (charged <= up_to))


def _priced(prices: ir.Table, tiers: ir.Table) -> ir.Table:
    """Tiers, each with its plan.

    before, since  what the tiers before it cost together, and where it begins; by volume neither counts
    """
    tiers = tiers.mutate(
        above=_whole(tiers.above, QUANTITY_PLACES),
        up_to=_whole(tiers.up_to, QUANTITY_PLACES),
        per_unit=_whole(tiers.price, PRICE_PLACES),
    )
    full = ((tiers.up_to - tiers.above) * tiers.per_unit).cast(WIDE).fill_null(0)
    so_far = full.sum().over(ibis.cumulative_window(group_by=tiers.version, order_by=tiers.ordinal))
    tiers = tiers.mutate(before=so_far - full).inner_join(_plans(prices), "version")
    graduated = tiers["shape"] == Shape.GRADUATED
    return tiers.mutate(
        before=graduated.ifelse(tiers.before, 0).cast(WIDE), since=graduated.ifelse(tiers.above, 0).cast(WIDE)
    )


def _plans(prices: ir.Table) -> ir.Table:
    """Versions, each once however many classes and offerings have it.

    finer     how much finer its quantity's parts are
    mirrored  a line below zero is the mirror image of its charge: a credit of money that is passed on
    """
    sizes, bounds = ("step", "package"), ("account_cap", "minimum", "maximum")
    bare = [prices[name].isnull() for name in (*sizes, "account_cap", "minimum")]
    return prices.select(
        *("version", "shape"),
        finer=prices.by_cost.ifelse(FINER, 1).cast("int64"),
        mirrored=ibis.and_(prices.by_cost, *bare),
        **{name: _whole(prices[name], QUANTITY_PLACES) for name in sizes},
        **{name: (prices[name].cast(WIDE) * CENT).cast(WIDE) for name in bounds},
    ).distinct()


def _whole(number: ir.DecimalValue, places: int) -> ir.DecimalValue:
    """A number with so many decimals, counted in the last of them; one with more than 25 digits is refused.

    (With more, Spark would cut off the product's last ones; with 18, DuckDB would let it have no more than those.)
    """
    return (number.cast(dt.Decimal(25, places)) * 10**places).cast(WIDE)


def _started(whole: ir.DecimalValue, size: ir.DecimalValue) -> ir.DecimalValue:
    return _into(whole + size - 1, size)


def _into(whole: ir.NumericValue, by: ir.NumericValue) -> ir.DecimalValue:
    return _quotient(whole.cast(WIDE), by.cast(WIDE))
