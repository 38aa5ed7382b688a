"""What a month's usage costs: the store's rows under the rates of their days, one charge for each line of a bill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from comity.core.billing.plans import Plan, PlanError, Rated, rate
from comity.rates.models import RateVersion
from comity.rates.services.plans import plan_of
from comity.rates.services.prices import days_of, tables
from comity.usage.store import engine, paths

Pair = tuple[int, int]  # a partner and an offering
PRICES = pa.schema(
    [(name, pa.int64()) for name in ("rate", "offering", "customer_class")]
    + [("first_on", pa.date32()), ("last_on", pa.date32()), ("basis", pa.string())]
)
CLASSES = pa.schema([("partner", pa.int64()), ("offering", pa.int64()), ("customer_class", pa.int64())])
# Each row under the rate of its day, its class's before the general one, and the general one beside it.
ACCOUNTS = """
    SELECT u.partner, u.offering, p.rate, g.rate AS full_rate, u.account,
           sum(CAST(u.used AS DECIMAL(27, 4)) * coalesce(u.days, $days)) AS used, sum(u.cost) AS cost,
           count(*) AS all_rows, count(*) FILTER (u.here) AS rows
    FROM (SELECT *, true AS here FROM read_parquet($files) WHERE belongs_to = $month
          UNION ALL SELECT *, false FROM read_parquet($earlier) WHERE belongs_to = $month) u
    {join} classes c ON c.partner = u.partner AND (c.offering IS NULL OR c.offering = u.offering)
    LEFT JOIN prices p ON p.offering = u.offering AND p.customer_class = coalesce(c.customer_class, 0)
         AND u.on_day BETWEEN p.first_on AND p.last_on
         AND (p.basis <> 'cost' OR u.cost IS NOT NULL)
    LEFT JOIN prices g ON g.offering = u.offering AND g.customer_class = 0
         AND u.on_day BETWEEN g.first_on AND g.last_on AND g.basis = p.basis
    GROUP BY ALL ORDER BY u.partner, u.offering, p.rate, g.rate, u.account
"""


@dataclass(frozen=True)
class Charge:
    """What a partner's usage of an offering in a month costs under one rate.

    rows        of the store, those of earlier periods left out
    full_cents  at the rate for everybody, where a customer class has its own
    """

    partner: int
    offering: int
    month: date
    rate: int
    rated: Rated
    rows: int
    full_cents: int | None


@dataclass
class Rating:
    """What came of the rows of a month.

    unrated     rows by offering that have no rate on their day
    below_zero  rows by partner and offering whose quantities come to less than nothing
    """

    charges: list[Charge] = field(default_factory=list)
    unrated: dict[int, int] = field(default_factory=dict)
    below_zero: dict[Pair, int] = field(default_factory=dict)


def rate_month(
    month: date,
    files: Sequence[Path],
    classes: Mapping[int, int] | Mapping[Pair, int],
    earlier: Sequence[Path] = (),
) -> Rating:
    """Rate the usage that belongs to a month.

    files    of the billing period, and of `earlier` ones, whose rows were billed and count with these
    classes  customer class by partner, for all; or by partner and offering, and then of these alone
    """
    found, plans = Rating(), _Plans()
    for (partner, offering, version), rows in _lines(month, files, earlier, classes):
        count = sum(row["rows"] for row in rows)
        if version is None:
            found.unrated[offering] = found.unrated.get(offering, 0) + count
            continue
        try:
            rated = plans.rated(version, rows, month)
            full = plans.full_cents(version, rows, month)
        except PlanError:
            found.below_zero[partner, offering] = found.below_zero.get((partner, offering), 0) + count
        else:
            found.charges.append(Charge(partner, offering, month, version, rated, count, full))
    return found


def _lines(
    month: date,
    files: Sequence[Path],
    earlier: Sequence[Path],
    classes: Mapping[Any, int],
) -> Iterator[tuple[tuple[int, int, int | None], list[dict[str, Any]]]]:
    """The accounts under each line: partner, offering and rate, None where there is none."""
    each = [key if isinstance(key, tuple) else (key, None) for key in classes]
    chosen = [
        {"partner": partner, "offering": offering, "customer_class": whose}
        for (partner, offering), whose in zip(each, classes.values(), strict=True)
    ]
    prices, _tiers = tables(month)
    only = bool(each) and each[0][1] is not None
    asked = {
        "files": paths(files),
        "earlier": paths(earlier or files),
        "month": month,
        "days": len(days_of(month)),
    }
    query = ACCOUNTS.format(join="JOIN" if only else "LEFT JOIN")
    if not earlier:
        query = query.replace("read_parquet($earlier) WHERE", "read_parquet($earlier) WHERE false AND")
    with engine() as db:
        db.register("prices", _table(prices, PRICES))
        db.register("classes", _table(chosen, CLASSES))
        reader = db.execute(query, asked).to_arrow_reader(10_000)
        rows = (row for some in reader for row in some.to_pylist())
        for key, group in groupby(rows, itemgetter("partner", "offering", "rate")):
            yield key, list(group)


def _table(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist([{name: row[name] for name in schema.names} for row in rows], schema=schema)


class _Plans:
    """Rate versions by their keys, each read once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Plan, str]] = {}

    def rated(self, version: int, rows: list[dict[str, Any]], month: date) -> Rated:
        """Raises PlanError for less than nothing of what is counted. A credit of what is passed through is its mirror."""
        plan, basis = self._of(version)
        passed_through = basis == RateVersion.Basis.COST
        days = 1 if passed_through else len(days_of(month))
        accounts: dict[str, Fraction] = {}
        for row in rows:
            # What is passed through is one sum, unless the plan looks at each account.
            name = row["account"] or "" if _looks_at_accounts(plan) or not passed_through else ""
            amount = Fraction(row["cost" if passed_through else "used"]) / days
            accounts[name] = accounts.get(name, Fraction()) + amount
        whole = sum(accounts.values(), Fraction())
        if whole < 0 and passed_through and not _is_bounded(plan):
            return _mirrored(rate(plan, {name: -used for name, used in accounts.items()}))
        return rate(plan, accounts)

    def full_cents(self, version: int, rows: list[dict[str, Any]], month: date) -> int | None:
        if all(row["full_rate"] in (None, version) for row in rows):
            return None
        by_full = groupby(rows, itemgetter("full_rate"))
        return sum(self.rated(full or version, list(group), month).cents for full, group in by_full)

    def _of(self, version: int) -> tuple[Plan, str]:
        if version not in self._known:
            plan, basis = RateVersion.objects.values_list("plan", "basis").get(pk=version)
            self._known[version] = plan_of(plan or {}), basis
        return self._known[version]


def _looks_at_accounts(plan: Plan) -> bool:
    return plan.step is not None or plan.account_cap is not None or plan.package is not None


def _is_bounded(plan: Plan) -> bool:
    return (
        _looks_at_accounts(plan)
        or plan.minimum is not None
        or plan.maximum is not None
        or len(plan.tiers) > 1
    )


def _mirrored(rated: Rated) -> Rated:
    parts = tuple(type(part)(-part.units, part.price, -part.amount) for part in rated.parts)
    return Rated(-rated.quantity, parts, -rated.exact, -rated.cents)


def pairs_of(
    files: Sequence[Path], *, before: date | None = None, at: date | None = None
) -> list[tuple[date, int, int]]:
    """Month, partner and offering of all rows that belong to months before one, or to one."""
    query = """
        SELECT DISTINCT belongs_to, partner, offering FROM read_parquet($files)
        WHERE belongs_to < $before OR belongs_to = $at ORDER BY ALL
    """
    with engine() as db:
        return db.execute(query, {"files": paths(files), "before": before, "at": at}).fetchall()
