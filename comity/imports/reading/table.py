"""A table as it stands in a file: its headers, and its lines one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.core.errors import DomainError


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


LIMITS = Limits()


class Line(NamedTuple):
    """One row: `number` as a spreadsheet counts (the header is usually 1), and its cells as text."""

    number: int
    cells: list[str]


@dataclass
class Table:
    """Headers and lines; the lines can be read once.

    read_as  how it was understood ("CSV, UTF-8, commas"), for the person to check
    """

    headers: list[str]
    lines: Iterator[Line]
    read_as: str
    limits: Limits = field(default=LIMITS)


def table_of(lines: Iterable[Line], *, read_as: str, limits: Limits) -> Table:
    """A table out of raw lines: the first with anything in it holds the headers; empty lines are passed over.

    Raises UnreadableError if there are no headers, if a header stands twice, or if a limit is passed.
    """
    rows = _filled(lines, limits)
    head = next(rows, None)
    if head is None:
        raise UnreadableError(_("The file is empty. It needs a row of headers and a row for each record."))
    headers = [" ".join(cell.split()) for cell in head.cells]
    _check(headers, limits)
    first = next(rows, None)
    if first is None:
        raise UnreadableError(_("The file has headers but no rows below them."))
    return Table(headers, _counted(first, rows, limits), read_as, limits)


def _check(headers: Sequence[str], limits: Limits) -> None:
    if len(headers) > limits.columns:
        raise UnreadableError(
            _("The file has %(n)d columns. The limit is %(most)d.")
            % {"n": len(headers), "most": limits.columns}
        )
    counts = Counter(header.casefold() for header in headers if header)
    twice = [header for header in headers if counts[header.casefold()] > 1]
    if twice:
        raise UnreadableError(
            _("The header “%(header)s” appears %(n)d times. Give each column its own name.")
            % {"header": twice[0][:100], "n": counts[twice[0].casefold()]}
        )
    if not any(headers):
        raise UnreadableError(_("The first row has no headers."))


def _filled(lines: Iterable[Line], limits: Limits) -> Iterator[Line]:
    """Lines with something in them, without the empty cells at their ends."""
    for number, cells in lines:
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            if len(cells) > limits.columns * 5:
                raise UnreadableError(
                    _("Line %(line)d has %(n)d columns. The limit is %(most)d.")
                    % {"line": number, "n": len(cells), "most": limits.columns}
                )
            yield Line(number, cells)


def _counted(first: Line, rest: Iterator[Line], limits: Limits) -> Iterator[Line]:
    yield first
    for count, line in enumerate(rest, start=2):
        if count > limits.rows:
            raise UnreadableError(
                ngettext(
                    "The file has more than %(n)d row. Split it into smaller files.",
                    "The file has more than %(n)d rows. Split it into smaller files.",
                    limits.rows,
                )
                % {"n": limits.rows}
            )
        yield line
