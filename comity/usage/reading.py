"""A file of usage, whatever it is written in, as rows of text; some thousand at a time, so that any size is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comity.imports import columns, reading
from comity.imports.parsing import clean
from comity.imports.profiles import Field, Handler, Profile
from comity.imports.reading import Limits, UnreadableError
from comity.imports.reading.table import told_apart
from comity.ui.csv import restore
from comity.usage.capabilities import LOAD
from comity.usage.models import Source

AT_ONCE = 20_000  # rows
KEYS = ("line", "problem", "row_id", "content")  # of a row, beside its cells
LIMITS = Limits(rows=10**10, columns=500)
FIELDS = tuple(
    Field(key, label, words, synonyms=also.split(", ") if also else ())
    for key, label, words, also in (
        ("account", _("Account"),
         _("What of a partner’s it is: a server, a phone. Alone, also whose: a partner’s code or name, or an account you map."),
         "account number, subscription, host, asset"),
        ("partner", _("Partner"), _("Whose it is, where a column of its own says so."),
         "customer, customer code, agency, agency code, partner code"),
        ("meter", _("Meter"), _("What was used: an offering’s meter code, or a name that you map to it."),
         "meter code, sku, product, service, offering, item"),
        ("quantity", _("Quantity"), _("How much, with at most four decimals."),
         "used, usage, units, qty, usage quantity, consumed quantity"),
        ("day", _("Day"), _("When. Of a date with a time, the day counts as it is written."),
         "date, usage date, service date, on, first day, from"),
        ("until", _("Last day"), _("Only if a quantity is a month’s and holds for a part of it: up to this day."), "last day"),
        ("cost", _("Cost in dollars"), _("What is passed through, with at most eleven decimals."), "cost, billed cost, dollars"),
        ("currency", _("Currency"), "", "billing currency"),
        ("correction", _("Correction"), _("“Yes” allows a row below zero."), "is correction, adjustment"),
        ("description", _("Description"), "", "details, note, memo"),
        ("id", _("The row’s own id"), _("By which it is known again. Without it, it is known by its content."),
         "row id, record id, event id, usage id"),
    )
)  # fmt: skip
# What FOCUS calls them, 1.0 to 1.2. (1.1 adds SkuMeter, which a source may map as its meter.)
FOCUS = {
    "account": "SubAccountId",
    "meter": "ServiceName",
    "day": "ChargePeriodStart",
    "cost": "BilledCost",
    "currency": "BillingCurrency",
    "correction": "ChargeClass",
    "description": "ChargeDescription",
}
# Columns the mapping is guessed with; what was said is kept with its source, and no import knows this list.
GUESSED = Profile("usage", _("Usage"), LOAD, FIELDS, Handler, lambda _row: "")


@dataclass
class Rows:
    """Headers, and tables of text: `line`, `problem` (why a row cannot be taken as it stands), c0, c1, ...

    `row_id` and `content` are empty: by them rows are known that were judged before.
    """

    headers: list[str]
    tables: Iterator[pa.Table]
    read_as: str


def open_rows(path: Path) -> Rows:
    """Raises UnreadableError, also while the rows are read."""
    try:
        with path.open("rb") as file:
            is_parquet = file.read(4) == b"PAR1"
    except OSError as error:
        raise UnreadableError(
            gettext("%(file)s cannot be read: %(why)s.") % {"file": path.name, "why": error.strerror}
        ) from error
    return _parquet(path) if is_parquet else _text(path)


def _text(path: Path) -> Rows:
    table = reading.open_table(path, limits=LIMITS)
    width = len(table.headers)

    def tables() -> Iterator[pa.Table]:
        blank = [""] * width
        while lines := list(islice(table.lines, AT_ONCE)):
            problems = [line.problem or columns.too_long(line.cells, width) for line in lines]
            cells = zip(*((line.cells + blank)[:width] for line in lines), strict=True)
            yield _table([line.number for line in lines], problems, map(_restored, cells))

    return Rows(table.headers, tables(), table.read_as)


def _restored(cells: Sequence[str]) -> pa.Array:
    """A column; what our own CSV made harmless is as it was."""
    column = pa.array(cells, pa.string())
    if pc.any(pc.match_substring_regex(column, "^['=]")).as_py():
        return pa.array([restore(cell) for cell in cells], pa.string())
    return column


def _parquet(path: Path) -> Rows:
    with _whole():
        file = pq.ParquetFile(path)
    if not file.metadata.num_rows:
        raise UnreadableError(gettext("The file has headers but no rows below them."))

    def tables() -> Iterator[pa.Table]:
        line = 2
        with _whole():
            for some in file.iter_batches(AT_ONCE):
                lines = range(line, line + some.num_rows)
                yield _table(lines, [""] * some.num_rows, map(_as_text, some.columns))
                line += some.num_rows

    headers, _twins = told_apart([clean(name) for name in file.schema_arrow.names])
    return Rows(headers, tables(), "Parquet")


@contextmanager
def _whole() -> Iterator[None]:
    """Raises UnreadableError where a Parquet file is not."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise UnreadableError(
            gettext("This Parquet file is damaged or was cut off, and nothing of it was taken: %(why)s.")
            % {"why": str(error).splitlines()[0][:200].rstrip(".")}
        ) from error


def _as_text(column: Any) -> Any:
    """A column as text; what is in parts itself, such as tags, as Python writes it."""
    try:
        return column.cast(pa.string())
    except pa.ArrowException:
        return pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())


def _table(lines: Sequence[int], problems: Sequence[str], cells: Any) -> pa.Table:
    nothing = pa.nulls(len(lines), pa.string())
    every = [pa.array(lines, pa.int64()), pa.array(problems, pa.string()), nothing, nothing, *cells]
    return pa.table(every, [*KEYS, *(f"c{place}" for place in range(len(every) - len(KEYS)))])


def mapping_of(
    source: Source, headers: Sequence[str], told: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Our field -> header: as was said now, as was said of this source, as FOCUS has it, or as the headers look.

    What was said of the source stays where this file lacks it, for a person to correct; only words may be lacking.
    Raises UnreadableError for a header that was said now and is not in the file.
    """
    now, there = dict(told or {}), set(map(columns.normal, headers))
    gone = {
        field for field, header in source.mapping.items() if columns.normal(header) not in there
    } - now.keys()
    known = {field: header for field, header in {**source.mapping, **now}.items() if field not in gone}
    found = columns.with_told(GUESSED, headers, {header: field for field, header in known.items()})
    mapping = {field: header for header, field in found.items() if field}
    if source.layout == Source.Layout.FOCUS:
        of_focus = {field: header for field, header in FOCUS.items() if header in headers}
        mapping = of_focus | {field: header for field, header in mapping.items() if field in known}
    return mapping | {field: source.mapping[field] for field in gone - {"description", "currency"}}


def check_mapping(mapping: Mapping[str, str], headers: Iterable[str]) -> None:
    """Raises UnreadableError where something is lacking that every row of usage needs, or that was said of its source."""
    if gone := sorted(set(mapping.values()) - set(headers)):
        raise UnreadableError(
            gettext("The file has no column “%(column)s”. Say which it is, or that there is none.")
            % {"column": gone[0]}
        )
    labels = {field.key: str(field.label) for field in FIELDS}
    lacking = [labels[field] for field in ("meter", "day") if field not in mapping]
    if not {"account", "partner"} & mapping.keys():
        lacking.insert(0, labels["account"])
    if not {"quantity", "cost"} & mapping.keys():
        lacking.append(gettext("Quantity or cost"))
    if lacking:
        raise UnreadableError(
            gettext("We do not know which column holds: %(lacking)s. Say which it is.")
            % {"lacking": ", ".join(lacking)}
        )
