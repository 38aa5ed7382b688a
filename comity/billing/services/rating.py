"""What a month's usage costs: the store's rows under the rates of their days, each a line of a bill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from comity.billing.models import Line
from comity.core.billing.holding import EVERYBODY, Key, Pair, full_cents
from comity.core.billing.money import half_up
from comity.core.billing.plans import Part, as_quantity, exact
from comity.partners.models import Partner
from comity.usage import store
from comity.usage.store import Store

Lines = list[tuple[int, Line]]  # each with its partner
Left = Counter[tuple[str, int, int]]  # rows by what keeps them from a line, partner and offering


def rate_month(
    month: date,
    files: Sequence[Path],
    classes: Mapping[int, int],
    earlier: Sequence[Path] = (),
    pairs: Collection[Pair] | None = None,
) -> tuple[Lines, Left]:
    """Rate the usage that belongs to a month: the lines, at what all of it costs; and the rows that are on none.

    These are "unrated", without a rate on their day, or "below_zero": their quantities come to less than nothing, or hold
    for no part of a month. Rows of earlier periods are counted neither there nor in the lines.

    files    of the billing period, and of `earlier` ones, whose rows were billed and count with these
    classes  the customer class of every partner
    pairs    only these, if given

    Raises EngineError where it cannot be worked out.
    """
    # With these comes Ibis, half a second and forty megabytes that only this needs.
    from comity.billing.services.asking import Asked
    from comity.core.billing.at_scale import Outcome
    from comity.engines import engine

    found: Lines = []
    left: Left = Counter()
    full: dict[Key, dict[str, Any]] = {}
    with TemporaryDirectory() as folder:
        reads = [Store.here().folder]
        with engine(settings.USAGE_ENGINE, reads=reads, writes=Path(folder)) as at:
            asked = Asked(at, month, survivors(), pairs)
            rated, parts = asked.lines([*earlier, *files], classes), asked.parts()
            counted = asked.lines(files, classes) if earlier else rated
            if any(classes.values()):
                full = asked.lines([*earlier, *files], dict.fromkeys(classes, EVERYBODY))
    for key, row in rated.items():
        partner, offering, version = key
        rows = counted[key]["rows"] if key in counted else 0
        if row["outcome"] == Outcome.NO_RATE or version is None:
            left["unrated", partner, offering] += rows
        elif row["outcome"] != Outcome.RATED:
            left["below_zero", partner, offering] += rows
        else:
            line = Line(offering_id=offering, rate_id=version, month=month, usage_rows=rows)
            found.append((partner, _priced(line, row, parts[key])))
    own = {(partner, line.offering_id, line.rate_id): line for partner, line in found}
    known = {key: row["cents"] for key, row in full.items() if row["cents"] is not None}
    for key, cents in full_cents({key: line.cents for key, line in own.items()}, known).items():
        own[key].full_cents = cents
    return found, left


def _priced(line: Line, row: Mapping[str, Any], parts: Sequence[Part]) -> Line:
    """The line with what it comes to, and how."""
    for part in parts:
        line.parts.append({"units": str(part.units), "price": exact(part.price), "cents": str(part.amount)})
    exact_cents = sum((part.amount for part in parts), Fraction())
    line.cents, line.quantity = row["cents"], as_quantity(Fraction(int(row["quantity"]), int(row["per"])))
    # Where it was brought within its bounds, these are what it comes to.
    line.raw = str(exact_cents if half_up(exact_cents) == line.cents else line.cents)
    return line


def pairs_before(month: date, files: Sequence[Path]) -> list[tuple[date, int, int]]:
    """Month, partner and offering of all rows that belong to months before one."""
    what = "SELECT DISTINCT belongs_to, partner, offering FROM read_parquet($files) WHERE belongs_to < $month"
    with store.engine() as db:
        return db.execute(what, {"files": [*map(str, files)], "month": month}).fetchall()


def survivors() -> dict[int, int]:
    """Partners that were made one with another, and with whom: rows of usage keep the key they came with."""
    merged = Partner.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into")
    return {gone: survivor for gone, survivor in merged if survivor}
