"""A file of usage, whatever it is written in, as rows of text; some thousand at a time, so that any size is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.utils.translation import gettext

from comity.imports import columns, reading
from comity.imports.parsing import clean
from comity.imports.reading import Limits, UnreadableError
from comity.imports.reading.table import told_apart
from comity.ui.csv import restore
from comity.usage.reading import KEYS

AT_ONCE = 20_000  # rows
LIMITS = Limits(rows=10**10, columns=500)


@dataclass
class Rows:
    """Headers, and tables of text: `line`, `problem` (why a row cannot be taken as it stands), c0, c1, ...

    `row_id` and `content` are empty: by them rows are known that were judged before.
    """

    headers: list[str]
    tables: Iterator[pa.Table]
    read_as: str


def open_file(path: Path) -> Rows:
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
