"""A table as it stands in a file: its headers, and its lines one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.core.errors import DomainError
from comity.imports.reading.headers import FIRST, headers_of, place_of


class UnreadableError(DomainError):
    """The file cannot be read as a table; the sentence says why and what to do."""


@dataclass(frozen=True)
class Limits:
    """How large a table may be; what is larger is refused, never cut short in silence."""

    rows: int = 200_000
    columns: int = 200
    cell: int = 32_767  # as many letters as a spreadsheet keeps in one cell
    inflated: int = 400_000_000  # bytes of an XLSX once unpacked
    ratio: int = 200  # how much smaller a large part of an XLSX may be packed
    entries: int = 2_000  # parts of an XLSX
    shared_text: int = 60_000_000  # letters of all texts an XLSX shares between its cells
    open_quotes: int = 100  # lines of a CSV whose quotation mark is never closed


LIMITS = Limits()


@dataclass(frozen=True)
class Manner:
    """How a file is to be read, as far as somebody said so.

    sheet   the name of a sheet; without it the first that holds a table
    header  the line in which the headers stand; without it they are looked for
    hidden  whether rows hidden in the sheet are taken
    knows   how many of some cells are headers of a list that is known
    """

    sheet: str = ""
    header: int = 0
    hidden: bool = True
    knows: Callable[[Sequence[str]], int] = lambda _cells: 0


MANNER = Manner()


class Line(NamedTuple):
    """One row: `number` as a spreadsheet counts (the header is usually 1), and its cells as text.

    problem  why the row cannot be taken as it stands
    hidden   whether it is hidden in the sheet
    """

    number: int
    cells: list[str]
    problem: str = ""
    hidden: bool = False


@dataclass
class Table:
    """Headers and lines; the lines can be read once.

    read_as  how it was understood ("CSV, UTF-8, commas"), for the person to check
    header   the line in which the headers stand
    above    what stands above the headers and is not read
    twins    headers that stand several times: as it stands in the file -> the names they are told apart by
    sheets   the sheets people see, of a workbook
    sheet    the one that is read
    """

    headers: list[str]
    lines: Iterator[Line]
    read_as: str
    limits: Limits = field(default=LIMITS)
    header: int = 1
    above: Sequence[str] = ()
    twins: dict[str, list[str]] = field(default_factory=dict)
    sheets: Sequence[str] = ()
    sheet: str = ""


def table_of(lines: Iterable[Line], *, read_as: str, limits: Limits, manner: Manner = MANNER) -> Table:
    """A table out of raw lines; empty lines are passed over.

    Raises UnreadableError if there are no headers, or a limit is passed.
    """
    rows = _filled(lines, limits)
    start = _start(rows, manner)
    if not start:
        raise UnreadableError(_("The file is empty. It needs a row of headers and a row for each record."))
    place = len(start) - 1 if manner.header else place_of([row.cells for row in start], manner.knows)
    found, first = headers_of([row.cells for row in start], place, said=bool(manner.header))
    if start[place].problem:
        raise UnreadableError(start[place].problem)
    headers, twins = told_apart(found)
    _check(headers, limits)
    rest = _chain(start[first:], rows)
    line = next(rest, None)
    if line is None:
        raise UnreadableError(_("The file has headers but no rows below them."))
    return Table(
        headers,
        _counted(line, rest, limits, manner),
        read_as,
        limits,
        header=start[place].number,
        above=[" ".join(filter(None, row.cells)) for row in start[:place] if not _joined(row, headers)],
        twins=twins,
    )


def _start(rows: Iterator[Line], manner: Manner) -> list[Line]:
    """The first lines: as many as headers are looked for in, or those up to the one that was said."""
    if not manner.header:
        return list(islice(rows, FIRST))
    start: list[Line] = []
    for row in rows:
        start.append(row)
        if row.number >= manner.header:
            break
    if not start or start[-1].number != manner.header:
        raise UnreadableError(
            _("Line %(line)d is empty, so it cannot hold the headers.") % {"line": manner.header}
        )
    return start


def _chain(start: Iterable[Line], rest: Iterator[Line]) -> Iterator[Line]:
    yield from start
    yield from rest


def _joined(row: Line, headers: Sequence[str]) -> bool:
    """Whether a row above the headers has become part of them."""
    return all(any(header.startswith(" ".join(cell.split())) for header in headers) for cell in row.cells)


def told_apart(headers: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Headers that stand several times with their number behind: Phone, Phone (2); and which those are."""
    counts = Counter(header.casefold() for header in headers if header)
    taken = {header.casefold() for header in headers}
    names: list[str] = []
    twins: dict[str, list[str]] = {}
    for header in headers:
        name, same = header, twins.setdefault(header.casefold(), [])
        number = len(same) + 1
        while same and name.casefold() in taken:
            name, number = f"{header} ({number})", number + 1
        taken.add(name.casefold())
        if header and counts[header.casefold()] > 1:
            same.append(name)
        names.append(name)
    return names, {same[0]: same for same in twins.values() if same}


def _check(headers: Sequence[str], limits: Limits) -> None:
    if len(headers) > limits.columns:
        raise UnreadableError(
            _("The file has %(n)d columns. The limit is %(most)d.")
            % {"n": len(headers), "most": limits.columns}
        )
    if not any(headers):
        raise UnreadableError(_("The first row has no headers."))


def _filled(lines: Iterable[Line], limits: Limits) -> Iterator[Line]:
    """Lines with something in them, without the empty cells at their ends."""
    for line in lines:
        cells = line.cells
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            if len(cells) > limits.columns * 5:
                raise UnreadableError(
                    _("Line %(line)d has %(n)d columns. The limit is %(most)d.")
                    % {"line": line.number, "n": len(cells), "most": limits.columns}
                )
            yield line


def _counted(first: Line, rest: Iterator[Line], limits: Limits, manner: Manner) -> Iterator[Line]:
    for count, line in enumerate(_chain([first], rest), start=1):
        if count > limits.rows:
            raise UnreadableError(
                ngettext(
                    "The file has more than %(n)d row. Split it into smaller files.",
                    "The file has more than %(n)d rows. Split it into smaller files.",
                    limits.rows,
                )
                % {"n": limits.rows}
            )
        if line.hidden and not manner.hidden:
            reason = _("The row is hidden in the sheet, and you chose to leave hidden rows out.")
            yield Line(line.number, line.cells, reason, hidden=True)
        else:
            yield line
