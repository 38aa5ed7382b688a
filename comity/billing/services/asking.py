"""What an engine is asked about a month's usage, and what it answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from comity.core.billing import at_scale
from comity.core.billing.at_scale import MERGED, MONTH, PAIRS, PARTNERS, PRICES, TIERS, USAGE, Rules
from comity.core.billing.plans import Part
from comity.engines import Engine
from comity.rates.services.prices import tables

Pair = tuple[int, int]  # a partner and an offering
Key = tuple[int, int, int | None]  # and a rate, None where there was none
OF_ACCOUNTS = ("step", "package", "account_cap")  # what a plan counts by account
USAGE_TABLE, PAIRS_TABLE, MONTH_TABLE, MERGED_TABLE, *GIVEN = (
    ibis.table(schema, name=name)
    for name, schema in (
        *(("usage", USAGE), ("pairs", PAIRS), ("month", MONTH), ("merged", MERGED)),
        *(("partners", PARTNERS), ("prices", PRICES), ("tiers", TIERS)),
    )
)


@cache
def _expression(of: Callable[..., ir.Table], rules: Rules, *, chosen: bool, merged: bool) -> ir.Table:
    """What is asked of a month's usage, or of chosen pairs of it: put together once, which takes a tenth of a second.

    The month is a row and no literal, so that it is the same for all of them.
    """
    beside = MERGED_TABLE if merged else None, PAIRS_TABLE if chosen else None
    return of(at_scale.narrowed(USAGE_TABLE, MONTH_TABLE, *beside), *GIVEN, rules)


class Asked:
    """The expression, asked of one month's usage."""

    def __init__(
        self, at: Engine, month: date, gone: Mapping[int, int], pairs: Collection[Pair] | None
    ) -> None:
        self.at, self.merged, self.chosen = at, bool(gone), pairs is not None
        if gone:
            rows = {"gone": list(gone), "survivor": list(gone.values())}
            at.give("merged", pa.table(rows, schema=MERGED.to_pyarrow()))
        at.give("month", pa.table({"belongs_to": [month]}, schema=MONTH.to_pyarrow()))
        if pairs is not None:
            chosen = [dict(zip(PAIRS.names, pair, strict=True)) for pair in sorted(pairs)]
            at.give("pairs", pa.Table.from_pylist(chosen, schema=PAIRS.to_pyarrow()))
        prices, tiers = tables(month)
        at.give("prices", _given(prices, PRICES))
        at.give("tiers", _given(tiers, TIERS))
        self.rules = Rules(
            by_account=any(price[rule] is not None for price in prices for rule in OF_ACCOUNTS),
            by_cost=any(price["by_cost"] for price in prices),
        )

    def _fetch(self, of: Callable[..., ir.Table]) -> list[dict[str, Any]]:
        asked = _expression(of, self.rules, chosen=self.chosen, merged=self.merged)
        rows: list[dict[str, Any]] = self.at.fetch(asked).to_pylist()
        return rows

    def lines(self, files: Sequence[Path], classes: Mapping[int, int]) -> dict[Key, dict[str, Any]]:
        """The lines of these files, by their keys."""
        self.at.give("usage", files)
        partners = ({"partner": pk, "customer_class": of} for pk, of in classes.items())
        self.at.give("partners", _given(partners, PARTNERS))
        rows = self._fetch(at_scale.lines)
        return {(row["partner"], row["offering"], row["version"]): row for row in rows}

    def parts(self) -> dict[Key, list[Part]]:
        """The parts of the lines asked last, by their keys."""
        found: dict[Key, list[Part]] = defaultdict(list)
        for row in self._fetch(at_scale.parts):
            found[row["partner"], row["offering"], row["version"]].append(at_scale.exact_part(row))
        return found


def _given(rows: Iterable[Mapping[str, Any]], schema: ibis.Schema) -> pa.Table:
    return pa.Table.from_pylist(
        [{name: row[name] for name in schema} for row in rows], schema=schema.to_pyarrow()
    )
