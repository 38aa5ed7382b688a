"""What an engine is asked about a month's usage, and what it answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from comity.core.billing import at_scale
from comity.core.billing.at_scale import SCHEMAS, TABLES, Rules
from comity.core.billing.holding import Key, Pair
from comity.core.billing.plans import Part
from comity.engines import Engine
from comity.rates.services.prices import tables

OF_ACCOUNTS = ("step", "package", "account_cap")  # what a plan counts by account


@cache
def _expression(of: Callable[..., ir.Table], rules: Rules, *, chosen: bool, merged: bool) -> ir.Table:
    """What is asked of a month's usage, or of chosen pairs of it: put together once, which takes a tenth of a second.

    The month is a row and no literal, so that it is the same for all of them.
    """
    usage, month, survivors, pairs, *beside = TABLES.values()
    wanted = at_scale.narrowed(usage, month, survivors if merged else None, pairs if chosen else None)
    return of(wanted, *beside, rules)


class Asked:
    """The expression, asked of one month's usage."""

    def __init__(
        self, at: Engine, month: date, gone: Mapping[int, int], pairs: Collection[Pair] | None
    ) -> None:
        self.at, self.merged, self.chosen = at, bool(gone), pairs is not None
        prices, tiers = tables(month)
        self._give("month", [{"belongs_to": month}])
        self._give("merged", ({"gone": one, "survivor": other} for one, other in gone.items()))
        self._give("pairs", ({"partner": one, "offering": other} for one, other in sorted(pairs or ())))
        self._give("prices", prices)
        self._give("tiers", tiers)
        self.rules = Rules(
            by_account=any(price[rule] is not None for price in prices for rule in OF_ACCOUNTS),
            by_cost=any(price["by_cost"] for price in prices),
        )

    def _give(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows of one of the tables, of which only its columns are read."""
        schema = SCHEMAS[name]
        whole = [{column: row[column] for column in schema} for row in rows]
        self.at.give(name, pa.Table.from_pylist(whole, schema=schema.to_pyarrow()))

    def _fetch(self, of: Callable[..., ir.Table]) -> list[dict[str, Any]]:
        asked = _expression(of, self.rules, chosen=self.chosen, merged=self.merged)
        rows: list[dict[str, Any]] = self.at.fetch(asked).to_pylist()
        return rows

    def lines(self, files: Sequence[Path], classes: Mapping[int, int]) -> dict[Key, dict[str, Any]]:
        """The lines of these files, by their keys."""
        self.at.give("usage", files)
        self._give("partners", ({"partner": pk, "customer_class": of} for pk, of in classes.items()))
        rows = self._fetch(at_scale.lines)
        return {(row["partner"], row["offering"], row["version"]): row for row in rows}

    def parts(self) -> dict[Key, list[Part]]:
        """The parts of the lines asked last, by their keys."""
        found: dict[Key, list[Part]] = defaultdict(list)
        for row in self._fetch(at_scale.parts):
            found[row["partner"], row["offering"], row["version"]].append(at_scale.exact_part(row))
        return found
