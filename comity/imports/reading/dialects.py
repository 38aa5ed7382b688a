"""How a CSV parts its cells and writes quotation marks inside them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

DELIMITERS = (",", ";", "\t", "|")
_LINES = 60  # looked at for the delimiter
_HALF, _MOSTLY = (
    0.5,
    0.6,
)  # of the lines have the width of the first; of the table, where a title stands above it


@dataclass(frozen=True)
class Dialect:
    """escapes: whether a quotation mark inside a cell is written with a backslash before it, and not twice."""

    delimiter: str
    escapes: bool = False

    def reader(self, lines: Iterable[str], *, strict: bool = False) -> Iterator[list[str]]:
        """Rows of cells. Raises csv.Error."""
        if self.escapes:
            return csv.reader(
                lines, delimiter=self.delimiter, strict=strict, doublequote=False, escapechar="\\"
            )
        return csv.reader(lines, delimiter=self.delimiter, strict=strict)


def dialect_of(start: str, delimiter: str = "") -> Dialect:
    """The dialect of a file that starts so.

    delimiter  where the file says it itself
    """
    lines = start.splitlines(keepends=True)
    plain = Dialect(delimiter or _delimiter_of(lines[:_LINES]))
    if '\\"' in start:
        escaped = Dialect(plain.delimiter, escapes=True)
        if _fits(lines[:-1] or lines, escaped) and not _fits(lines[:-1] or lines, plain):
            return escaped
    return plain


def _fits(lines: Iterable[str], dialect: Dialect) -> bool:
    """Whether lines keep to a dialect; they may end within a cell."""
    try:
        for _row in dialect.reader(lines, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return True


def _delimiter_of(lines: list[str]) -> str:
    """The delimiter that cuts the first lines into the same number of cells; with none, there is one column.

    As many as the first line has; where no delimiter cuts that, a title stands there, and most lines count.
    """
    best, best_score = ",", (0, 0.0)
    for delimiter in DELIMITERS:
        try:
            rows = list(islice(csv.reader(lines, delimiter=delimiter), 50))
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows if row)
        first = len(rows[0]) if rows else 0
        width = first if first > 1 else max(widths, key=lambda one: widths[one], default=0)
        alike = widths[width] / max(widths.total(), 1)
        sure = (2 if alike >= _HALF else 1) if first > 1 else 2 * (alike >= _MOSTLY)
        score = (sure, alike * 10 + min(width, 30) / 30)
        if width > 1 and sure and score > best_score:
            best, best_score = delimiter, score
    return best
