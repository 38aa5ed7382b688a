"""From a sheet to the rows of the fixed tables, without what could unmask somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from comity.core.surveys import Breakdowns, Cell, suppress
from comity.surveys.models import Tally
from comity.surveys.services.counting.sheet import DIMENSIONS, SIZE, Column, Counts, Crossing, Sheet

TABLES: dict[str, tuple[str, ...]] = {
    Tally.Table.ALL: (),
    Tally.Table.KIND: ("kind",),
    Tally.Table.TIER: ("tier",),
    Tally.Table.SIZE: ("size",),
    Tally.Table.PARTNER: ("partner",),
}
BREAKDOWNS = Breakdowns(DIMENSIONS, TABLES)


class Asked(NamedTuple):
    """How many people of one crossing were invited, and how many of them reached."""

    invited: int
    reached: int


class Row(NamedTuple):
    """A `Tally` on its way into the database; see there."""

    table: str
    group: str
    question: str
    invited: int
    reached: int
    n: int | None
    na: int | None
    skipped: int | None
    counts: dict[str, int] | None


@dataclass(frozen=True, slots=True)
class _Group:
    """A group of one table: what was counted of it, and whom it asked."""

    cell: Cell
    line: Counts
    asked: Asked

    @property
    def name(self) -> str:
        return self.cell.group[0] if self.cell.group else ""


def tally_rows(
    sheet: Sheet, audience: Mapping[Crossing, Asked], *, hide_below: int | None = None
) -> list[Row]:
    """Every row of the fixed tables.

    audience    whom each crossing asked; groups that nobody answered from have a row too
    hide_below  for waves that keep names back: the fewest people that are shown; None where all may be shown

    Where names are kept back, "don't know" and "left" are said of all together only, own words are counted of all
    together only, and partners have no row for what is hidden. Partners from whom nobody answered have no rows but their own.
    """
    groups = _groups(sheet, audience)
    hidden = _hidden(sheet, groups, hide_below) if hide_below else {}
    rows = []
    for group in groups:
        whole = group.cell.table == Tally.Table.ALL
        own = None if group.cell in hidden.get("", ()) else group.line[SIZE]
        rows.append(_row(group, "", group.asked, n=own, counts=None if own is None else {}))
        if group.cell.table == Tally.Table.PARTNER and not group.line[SIZE]:
            continue
        for column in sheet.columns:
            key = column.question.key
            if hide_below and not whole and not column.names:
                continue
            if group.cell not in hidden.get(key, ()):
                rows.append(_shown(group, column, only_n=bool(hide_below) and not whole))
            elif group.cell.table != Tally.Table.PARTNER:
                rows.append(_row(group, key, Asked(0, 0)))
    return rows


def _row(
    group: _Group,
    question: str,
    asked: Asked,
    *,
    n: int | None = None,
    na: int | None = None,
    skipped: int | None = None,
    counts: dict[str, int] | None = None,
) -> Row:
    return Row(group.cell.table, group.name, question, *asked, n, na, skipped, counts)


def _shown(group: _Group, column: Column, *, only_n: bool) -> Row:
    line = group.line
    counts = dict(zip(column.names, line[column.start : column.n], strict=True))
    na, skipped = (None, None) if only_n else (line[column.na], line[column.skipped])
    return _row(
        group, column.question.key, Asked(0, 0), n=line[column.n], na=na, skipped=skipped, counts=counts
    )


def _groups(sheet: Sheet, audience: Mapping[Crossing, Asked]) -> list[_Group]:
    """Every group of every table, in their order. A partner that is not known is in no table but `all`."""
    crossings = sheet.lines.keys() | audience.keys()
    cells = BREAKDOWNS.cells(crossings)
    return [
        _Group(cell, _sum(sheet, held), _asked(audience, held))
        for cell, held in sorted(cells.items())
        if not (cell.table == Tally.Table.PARTNER and cell.group == ("",))
    ]


def _sum(sheet: Sheet, crossings: Iterable[Crossing]) -> Counts:
    lines = [sheet.lines[crossing] for crossing in crossings if crossing in sheet.lines]
    if len(lines) == 1:
        return lines[0]
    return [sum(column) for column in zip(*lines, strict=True)] if lines else [0] * sheet.width


def _asked(audience: Mapping[Crossing, Asked], crossings: Iterable[Crossing]) -> Asked:
    found = [audience[crossing] for crossing in crossings if crossing in audience]
    return Asked(sum(one.invited for one in found), sum(one.reached for one in found))


def _hidden(sheet: Sheet, groups: list[_Group], k: int) -> dict[str, frozenset[Cell]]:
    """Question -> its hidden cells; "" for the number of people who answered at all.

    Own words have no figures to hide, and which they are is known of all together only.
    """
    found: dict[str, frozenset[Cell]] = {}
    known: dict[tuple[frozenset[tuple[Crossing, int]], frozenset[Cell]], frozenset[Cell]] = {}
    for key, place, alike in _asked_of(sheet, groups):
        answered = {crossing: line[place] for crossing, line in sheet.lines.items() if line[place]}
        same = (frozenset(answered.items()), alike)
        if same not in known:
            known[same] = frozenset(suppress(BREAKDOWNS, answered, k=k, all_same=alike).hidden)
        found[key] = known[same]
    return found


def _asked_of(sheet: Sheet, groups: list[_Group]) -> Iterator[tuple[str, int, frozenset[Cell]]]:
    yield "", SIZE, frozenset()
    for column in sheet.columns:
        if column.names:
            alike = frozenset(group.cell for group in groups if _all_same(group.line, column))
            yield column.question.key, column.n, alike


def _all_same(line: Counts, column: Column) -> bool:
    """Whether all who answered gave the same answer, so that their number protects nobody."""
    n = line[column.n]
    return n > 0 and all(count in (0, n) for count in line[column.start : column.n])
