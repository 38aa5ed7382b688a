"""The records of a CSV, none of them swallowed by a quotation mark that nothing closes.

A quotation mark that is opened and never closed makes everything below it one cell; one that another row happens to
close swallows the rows between. Such a record is given back: the line where the mark opened is a row of its own with
the reason why it cannot be taken, and reading goes on below it.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from comity.imports.reading.dialects import Dialect
from comity.imports.reading.table import Limits, Line, UnreadableError

_PART_OF_NUMBER = re.compile(r"\s\$?\d{1,3}$")  # "Budget 1" before ",200"
_LONGEST = 131_072  # letters of a cell before the CSV reader gives up


class _Source:
    """Lines of a file that can be given back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = iter(lines)
        self.again: deque[str] = deque()
        self.taken: list[str] = []  # by the record that is being read

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self.lines)
        self.taken.append(line)
        return line

    def give_back(self) -> str:
        """All that the record took but its first line, which is handed out."""
        first, *others = self.taken
        self.again.extendleft(reversed(others))
        self.taken.clear()
        return first


def records(lines: Iterable[str], dialect: Dialect, limits: Limits, number: int = 0) -> Iterator[Line]:
    """Every record with its number, and the reason why it cannot be taken, if there is one.

    number  that of the line before

    Raises UnreadableError.
    """
    csv.field_size_limit(max(limits.cell * 4, _LONGEST))
    source = _Source(lines)
    widths: set[int] = set()
    opened = 0
    while True:
        try:
            cells = next(dialect.reader(source))
        except StopIteration:
            return
        except csv.Error:
            cells = []
        number += 1
        if not _swallows(source.taken, cells, dialect, widths):
            if len(source.taken) == 1 and len(cells) > 1:
                widths.add(len(cells))
            source.taken.clear()
            yield Line(number, cells)
            continue
        opened += 1
        if opened > limits.open_quotes:
            raise UnreadableError(
                _(
                    "More than %(n)d lines have a quotation mark that is never closed. The last of them is "
                    "line %(line)d."
                )
                % {"n": limits.open_quotes, "line": number}
            )
        yield Line(
            number,
            source.give_back().rstrip("\r\n").split(dialect.delimiter),
            _("A quotation mark in line %(line)d is never closed, so we cannot tell where its cells end.")
            % {"line": number},
        )


def _swallows(taken: Sequence[str], cells: Sequence[str], dialect: Dialect, widths: set[int]) -> bool:
    """Whether a record holds others because of a quotation mark.

    It ends nowhere, or a line within it looks like a record, or its first line and its last both do.
    """
    if len(taken) < 2:
        return not cells and bool("".join(taken).strip())
    try:
        list(dialect.reader(taken, strict=True))
    except csv.Error:
        return True
    first, *within, last = taken
    usual = (widths or {len(first.split(dialect.delimiter))}) - {1}
    if any('"' not in line.replace('""', "") and _is_record(line, dialect, usual) for line in within):
        return True
    return _is_record(first.replace('"', ""), dialect, usual) and _is_record(last, dialect, usual)


def _is_record(line: str, dialect: Dialect, usual: set[int]) -> bool:
    """Whether a line has as many cells as others, where words in a cell would have a space behind each comma."""
    cells = next(dialect.reader([line]), [])
    return len(cells) in usual and not any(
        right[:1].isspace() or (_PART_OF_NUMBER.search(left) and re.match(r"\d{3}\b", right))
        for left, right in pairwise(cells)
    )
