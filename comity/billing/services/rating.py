"""What a month's usage costs: the store's rows under the rates of their days, one charge for each line of a bill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.conf import settings

from comity.core.billing import at_scale
from comity.core.billing.at_scale import PARTNERS, PRICES, TIERS, USAGE, Outcome, Rules
from comity.core.billing.plans import Part, Rated
from comity.engines import Engine, engine
from comity.partners.models import Partner
from comity.rates.models import RateVersion
from comity.rates.services.prices import EVERYBODY, tables
from comity.usage import store
from comity.usage.store import Store

Pair = tuple[int, int]  # a partner and an offering
Key = tuple[int, int, int | None]  # and a rate, None where there was none
PAIRS = ibis.schema({"partner": "int64", "offering": "int64"})
MONTH = ibis.schema({"belongs_to": "date"})
MERGED = ibis.schema({"gone": "int64", "survivor": "int64"})
OF_ACCOUNTS = ("step", "package", "account_cap")  # what a plan counts by account
USAGE_TABLE, PAIRS_TABLE, MONTH_TABLE, MERGED_TABLE, *GIVEN = (
    ibis.table(schema, name=name)
    for name, schema in (
        *(("usage", USAGE), ("pairs", PAIRS), ("month", MONTH), ("merged", MERGED)),
        *(("partners", PARTNERS), ("prices", PRICES), ("tiers", TIERS)),
    )
)
# An amount of `at_scale.parts` is exact cents times so many, and times its `per`.
PART_OF_A_CENT = 10_000


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
    full_cents: int | None = None


@dataclass
class Rating:
    """What came of the rows of a month.

    unrated     rows by offering that have no rate on their day
    below_zero  rows by partner and offering whose quantities come to less than nothing, or hold for no part of a month
    """

    charges: list[Charge] = field(default_factory=list)
    unrated: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    below_zero: dict[Pair, int] = field(default_factory=lambda: defaultdict(int))


def rate_month(
    month: date,
    files: Sequence[Path],
    classes: Mapping[int, int],
    earlier: Sequence[Path] = (),
    pairs: Collection[Pair] | None = None,
) -> Rating:
    """Rate the usage that belongs to a month.

    files    of the billing period, and of `earlier` ones, whose rows were billed and count with these
    classes  the customer class of every partner
    pairs    only these, if given

    Raises EngineError where it cannot be worked out.
    """
    found = Rating()
    with TemporaryDirectory() as folder, _engine(Path(folder)) as at:
        asked = _Asked(at, month, pairs)
        lines, parts = asked.lines([*earlier, *files], classes), asked.parts()
        counted = asked.lines(files, classes) if earlier else lines
        full = (
            asked.lines([*earlier, *files], dict.fromkeys(classes, EVERYBODY))
            if any(classes.values())
            else {}
        )
    for (partner, offering, version), line in lines.items():
        here = counted.get((partner, offering, version))
        rows = here["rows"] if here else 0
        if line["outcome"] == Outcome.NO_RATE or version is None:
            found.unrated[offering] += rows
        elif line["outcome"] != Outcome.RATED:
            found.below_zero[partner, offering] += rows
        else:
            rated = _rated(line, parts[partner, offering, version])
            found.charges.append(Charge(partner, offering, month, version, rated, rows))
    found.charges = _with_full(found.charges, full)
    return found


def pairs_of(
    files: Sequence[Path], *, before: date | None = None, at: date | None = None
) -> list[tuple[date, int, int]]:
    """Month, partner and offering of all rows that belong to months before one, or to one."""
    query = """
        SELECT DISTINCT belongs_to, partner, offering FROM read_parquet($files)
        WHERE belongs_to < $before OR belongs_to = $at ORDER BY ALL
    """
    with store.engine() as db:
        found = db.execute(query, {"files": store.paths(files), "before": before, "at": at}).fetchall()
    now = survivors()
    return sorted({(month, now.get(partner, partner), offering) for month, partner, offering in found})


def survivors() -> dict[int, int]:
    """Partners that were made one with another, and with whom: rows of usage keep the key they came with."""
    merged = Partner.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into")
    return {gone: survivor for gone, survivor in merged if survivor}


def _engine(folder: Path) -> AbstractContextManager[Engine]:
    return engine(settings.USAGE_ENGINE, reads=[Store.here().folder], writes=folder)


@cache
def _expression(of: Callable[..., ir.Table], rules: Rules, *, chosen: bool, merged: bool) -> ir.Table:
    """What is asked of a month's usage, or of chosen pairs of it: put together once, which takes a tenth of a second.

    The month is a row and no literal, so that it is the same for all of them.
    """
    usage = USAGE_TABLE.semi_join(MONTH_TABLE, MONTH.names)
    if merged:
        led = usage.left_join(MERGED_TABLE, usage.partner == MERGED_TABLE.gone)
        usage = led.mutate(partner=ibis.coalesce(led.survivor, led.partner)).select(*USAGE.names)
    if chosen:
        usage = usage.semi_join(PAIRS_TABLE, PAIRS.names)
    return of(usage, *GIVEN, rules)


class _Asked:
    """The expression, asked of one month's usage."""

    def __init__(self, at: Engine, month: date, pairs: Collection[Pair] | None) -> None:
        self.at, self.chosen, gone = at, pairs is not None, survivors()
        self.merged = bool(gone)
        if gone:
            rows = {"gone": list(gone), "survivor": list(gone.values())}
            at.give("merged", pa.table(rows, schema=MERGED.to_pyarrow()))
        at.give("month", pa.table({"belongs_to": [month]}, schema=MONTH.to_pyarrow()))
        if pairs is not None:
            chosen = [dict(zip(PAIRS.names, pair, strict=True)) for pair in sorted(pairs)]
            at.give("pairs", pa.Table.from_pylist(chosen, schema=PAIRS.to_pyarrow()))
        prices, tiers = tables(month)
        at.give("prices", _given(map(_price, prices), PRICES))
        at.give(
            "tiers",
            _given(({**tier, "version": tier["rate"], "ordinal": tier["place"]} for tier in tiers), TIERS),
        )
        self.rules = Rules(
            by_account=any(price[rule] is not None for price in prices for rule in OF_ACCOUNTS),
            by_cost=any(price["basis"] == RateVersion.Basis.COST for price in prices),
        )

    def _fetch(self, of: Callable[..., ir.Table]) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.at.fetch(
            _expression(of, self.rules, chosen=self.chosen, merged=self.merged)
        ).to_pylist()
        return rows

    def lines(self, files: Sequence[Path], classes: Mapping[int, int]) -> dict[Key, dict[str, Any]]:
        """The lines of these files, by their keys."""
        self.at.give("usage", files)
        self.at.give(
            "partners",
            _given(({"partner": pk, "customer_class": of} for pk, of in classes.items()), PARTNERS),
        )
        rows = self._fetch(at_scale.lines)
        return {(row["partner"], row["offering"], row["version"]): row for row in rows}

    def parts(self) -> dict[Key, list[Part]]:
        """The parts of the lines asked last, by their keys."""
        found: dict[Key, list[Part]] = defaultdict(list)
        for row in self._fetch(at_scale.parts):
            units, exact = Fraction(int(row["units"]), int(row["per"])), Fraction(int(row["amount"]))
            amount = exact / (int(row["per"]) * PART_OF_A_CENT)
            found[row["partner"], row["offering"], row["version"]].append(Part(units, row["price"], amount))
        return found


def _price(row: Mapping[str, Any]) -> dict[str, Any]:
    named = {"version": row["rate"], "starts_on": row["first_on"], "ends_on": row["last_on"]}
    return {**row, **named, "by_cost": row["basis"] == RateVersion.Basis.COST}


def _given(rows: Iterable[Mapping[str, Any]], schema: ibis.Schema) -> pa.Table:
    return pa.Table.from_pylist(
        [{name: row[name] for name in schema} for row in rows], schema=schema.to_pyarrow()
    )


def _rated(line: Mapping[str, Any], parts: Sequence[Part]) -> Rated:
    quantity = Fraction(int(line["quantity"]), int(line["per"]))
    return Rated(quantity, tuple(parts), sum((part.amount for part in parts), Fraction()), line["cents"])


def _with_full(charges: Iterable[Charge], full: Mapping[Key, Mapping[str, Any]]) -> list[Charge]:
    """The charges with what they would be at the rates for everybody, where those are others."""
    found: list[Charge] = []
    general: dict[Pair, dict[int | None, int]] = defaultdict(dict)
    for (partner, offering, version), line in full.items():
        if line["outcome"] == Outcome.RATED:
            general[partner, offering][version] = line["cents"]
    for pair, group in groupby(charges, lambda charge: (charge.partner, charge.offering)):
        own = list(group)
        if (there := general.get(pair)) and there.keys() != {charge.rate for charge in own}:
            others = sum(charge.rated.cents for charge in own[1:])
            own[0] = replace(own[0], full_cents=sum(there.values()) - others)
        found += own
    return found
