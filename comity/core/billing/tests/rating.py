"""Lines of a bill in all variety, as tables for the expression and as arguments for the definition."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import ibis
import pyarrow as pa
from hypothesis import strategies as st

from comity.core.billing.at_scale import PARTNERS, PRICES, TIERS, USAGE, Outcome
from comity.core.billing.plans import Plan, price_row, prorated, rate, tier_rows
from comity.core.billing.tests.test_plans import plans
from comity.engines import Engine

TABLES = (
    ibis.table(USAGE, name="usage"),
    ibis.table(PARTNERS, name="partners"),
    ibis.table(PRICES, name="prices"),
    ibis.table(TIERS, name="tiers"),
)
PARTNER, CLASS = 7, 2


@dataclass(frozen=True)
class Used:
    """A row of usage."""

    account: str
    used: Decimal
    days: int | None = None
    cost: Decimal | None = None


@dataclass(frozen=True)
class Line:
    """A plan and what was used under it."""

    plan: Plan
    rows: tuple[Used, ...]
    month: date = date(2026, 3, 1)
    by_cost: bool = False

    @property
    def by_account(self) -> bool:
        """Whether some rule of the plan holds for each account."""
        return any(rule is not None for rule in (self.plan.step, self.plan.package, self.plan.account_cap))

    def accounts(self) -> dict[str, Fraction]:
        """What the definition is asked about; where no rule holds for an account, the line is one."""
        totals: dict[str, Fraction] = defaultdict(Fraction)
        for row in self.rows:
            account = row.account if self.by_account else ""
            totals[account] += quantity(self, row)
        return totals


def quantity(line: Line, row: Used) -> Fraction:
    """The units of a row: dollars that are passed on, or the part of what was used."""
    if line.by_cost and row.cost is not None:
        return Fraction(row.cost)
    of = monthrange(line.month.year, line.month.month)[1]
    return prorated(row.used, of if row.days is None else row.days, of)


def said(line: Line) -> tuple[Outcome, Fraction | None, int | None, list[tuple[Fraction, Decimal, Fraction]]]:
    """What the definition says of a line: outcome, quantity, cents, parts."""
    accounts = line.accounts()
    total = sum(accounts.values(), Fraction())
    if any(used < 0 for used in accounts.values()):
        if not line.by_cost or line.by_account or line.plan.minimum is not None:
            return Outcome.BELOW_ZERO, None, None, []
        credit = rate(line.plan, {"": -total})
        mirrored = [(-part.units, part.price, -part.amount) for part in credit.parts]
        return Outcome.RATED, total, -credit.cents, mirrored
    rated = rate(line.plan, accounts)
    parts = [(part.units, part.price, part.amount) for part in rated.parts]
    return Outcome.RATED, rated.quantity, rated.cents, parts


def tables(lines: Sequence[Line]) -> dict[str, pa.Table]:
    """The lines as tables: each has an offering and a version of its own number."""
    usage = [
        {"partner": PARTNER, "offering": number, "belongs_to": line.month, "on_day": line.month, **vars(row)}
        for number, line in enumerate(lines)
        for row in line.rows
    ]
    prices = [
        {
            "customer_class": CLASS,
            "offering": number,
            "version": number,
            "starts_on": line.month,
            "ends_on": None,
            "by_cost": line.by_cost,
            **price_row(line.plan),
        }
        for number, line in enumerate(lines)
    ]
    tiers = [tier for number, line in enumerate(lines) for tier in tier_rows(number, line.plan)]
    return {
        "usage": table(USAGE, usage),
        "partners": table(PARTNERS, [{"partner": PARTNER, "customer_class": CLASS}]),
        "prices": table(PRICES, prices),
        "tiers": table(TIERS, tiers),
    }


def table(schema: ibis.Schema, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as a table of exactly these types."""
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema.to_pyarrow())


def give(engine: Engine, given: Mapping[str, pa.Table]) -> None:
    """All tables, by their names."""
    for name, rows in given.items():
        engine.give(name, rows)


quantities = st.decimals(0, 10**7, places=4)
costs = st.decimals(-(10**4), 10**6, places=11)
months = st.sampled_from([date(2026, 2, 1), date(2028, 2, 1), date(2026, 4, 1), date(2026, 12, 1)])
rows = st.builds(
    Used,
    st.sampled_from(["", "a", "b", "project x"]),
    quantities,
    st.none() | st.integers(0, 28),
    st.none() | costs,
)
lines = st.builds(Line, plans(), st.lists(rows, min_size=1, max_size=6).map(tuple), months, st.booleans())
