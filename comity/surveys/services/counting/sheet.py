"""The tally sheet: answers go over it one by one, and only counts stay, however many answers there are. And from it to the rows
of the fixed tables, without what could unmask somebody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from comity.core.surveys import Breakdowns, Cell, suppress
from comity.surveys.models import Question, Tally
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.services.answers import counted_as, places

# What people are told apart by in tables; a crossing has one value for each.
DIMENSIONS = ("partner", "kind", "tier", "size")
Crossing = tuple[str, ...]
Counts = list[int]
Pattern = tuple[int | None, ...]

SIZE = 0  # where a line of counts holds how many people it is of
# Each table but that of all shows one dimension, after which it is called.
BREAKDOWNS = Breakdowns(
    DIMENSIONS, {table: () if table == Tally.Table.ALL else (table.value,) for table in Tally.Table}
)


@dataclass(frozen=True, slots=True)
class Column:
    """Where the counts of one question stand in a line: one for each answer, then n, na and skipped."""

    question: Question
    start: int
    names: tuple[str, ...]
    place_of: Mapping[Any, int]

    @property
    def n(self) -> int:
        return self.start + len(self.names)

    @property
    def na(self) -> int:
        return self.n + 1

    @property
    def skipped(self) -> int:
        return self.n + 2


class Answered(NamedTuple):
    """One person's answers, with what tables tell people apart by; the day only where a wave may know it."""

    crossing: Crossing
    answers: Mapping[str, Any]
    day: date | None = None


class Sheet:
    """Counts of every crossing; the patterns of answers to what drives satisfaction; and counts by day.

    lines     crossing -> how many people, and what they answered to each question
    patterns  how often the outcome and the drivers were answered like this, by `outcome` and `drivers`
    by_day    as `lines`, of all people by the day on which they answered
    """

    def __init__(self, questions: Iterable[Question]) -> None:
        self.columns: list[Column] = []
        width = SIZE + 1
        for question in questions:
            names = places(question)
            start = width
            place_of = {value: start + names.index(name) for value, name in counted_as(question).items()}
            self.columns.append(Column(question, start, names, place_of))
            width = start + len(names) + 3
        self.width = width
        self.lines: dict[Crossing, Counts] = defaultdict(lambda: [0] * width)
        self.by_day: dict[date, Counts] = defaultdict(lambda: [0] * width)
        self.patterns: Counter[Pattern] = Counter()
        numeric = [one.question for one in self.columns if one.question.is_numeric]
        self.outcome = next((one for one in numeric if one.outcome), None)
        self.drivers = [one for one in numeric if one.driver and one is not self.outcome]
        self._pattern_keys = [one.key for one in (self.outcome, *self.drivers) if one is not None]

    @property
    def answered(self) -> int:
        """How many people it is of."""
        return sum(line[SIZE] for line in self.lines.values())

    def take(self, everybody: Iterable[Answered]) -> None:
        """Count people in."""
        for crossing, answers, day in everybody:
            marks = self._marks(answers)
            for line in [self.lines[crossing], *([] if day is None else [self.by_day[day]])]:
                for place in marks:
                    line[place] += 1
            if self.drivers:
                self.patterns[tuple(_number(answers.get(key)) for key in self._pattern_keys)] += 1

    def _marks(self, answers: Mapping[str, Any]) -> Counts:
        """The places at which one person's answers count one more."""
        marks = [SIZE]
        said: dict[str, Any] = {}
        for column in self.columns:
            question = column.question
            if question.show_if_question and not question.is_asked(said):
                continue
            value = answers.get(question.key)
            if value is None or value == []:
                marks.append(column.skipped)
                continue
            said[question.key] = value
            if value == DONT_KNOW and DONT_KNOW not in column.names:
                marks.append(column.na)
            else:
                marks.extend(_given(column, value))
        return marks


def _given(column: Column, value: Any) -> Counts:
    """The places of an answer, and of n. What a question does not offer any more is passed over."""
    if not column.names:
        return [column.n]
    given = value if isinstance(value, list) else [value]
    found = [column.place_of[one] for one in given if one in column.place_of]
    return [*found, column.n] if found else []


def _number(value: Any) -> int | None:
    return value if type(value) is int else None


class Asked(NamedTuple):
    """How many people of one crossing were invited, and how many of them reached."""

    invited: int
    reached: int


NOBODY_ASKED = Asked(0, 0)


def all_asked(sheet: Sheet) -> dict[Crossing, Asked]:
    """The audience where nobody here knows who was asked: those who answered were."""
    return {crossing: Asked(line[SIZE], line[SIZE]) for crossing, line in sheet.lines.items()}


class Row(NamedTuple):
    """A `Tally` on its way into the database; see there."""

    table: str
    group: str
    question: str
    invited: int
    reached: int
    n: int | None = None
    na: int | None = None
    skipped: int | None = None
    counts: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class _Group:
    """A group of one table: what was counted of it, and whom it asked."""

    cell: Cell
    line: Counts
    asked: Asked

    def row(self, question: str = "", asked: Asked = NOBODY_ASKED, **figures: Any) -> Row:
        name = self.cell.group[0] if self.cell.group else ""
        return Row(self.cell.table, name, question, *asked, **figures)


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
        rows.append(group.row(asked=group.asked, n=own, counts=None if own is None else {}))
        if group.cell.table == Tally.Table.PARTNER and not group.line[SIZE]:
            continue
        for column in sheet.columns:
            key = column.question.key
            if hide_below and not whole and not column.names:
                continue
            if group.cell not in hidden.get(key, ()):
                rows.append(_shown(group, column, only_n=bool(hide_below) and not whole))
            elif group.cell.table != Tally.Table.PARTNER:
                rows.append(group.row(key))
    return rows


def _shown(group: _Group, column: Column, *, only_n: bool) -> Row:
    line = group.line
    counts = dict(zip(column.names, line[column.start : column.n], strict=True))
    beside: dict[str, Any] = {} if only_n else {"na": line[column.na], "skipped": line[column.skipped]}
    return group.row(column.question.key, n=line[column.n], counts=counts, **beside)


def _groups(sheet: Sheet, audience: Mapping[Crossing, Asked]) -> list[_Group]:
    """Every group of every table, in their order. A partner that is not known is in no table but `all`."""
    cells = BREAKDOWNS.cells(sheet.lines.keys() | audience.keys())
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

    Own words have no figures to hide, and which they are is known of all together only. To be asked a question that waits for
    another's answer tells that answer, and not to be asked does too: it is hidden wherever the other one is.
    """
    found: dict[str, frozenset[Cell]] = {}
    known: dict[tuple[frozenset[tuple[Crossing, int]], frozenset[Cell]], frozenset[Cell]] = {}
    all_same = [
        (
            column.question.key,
            column.n,
            frozenset(group.cell for group in groups if _all_same(group.line, column)),
        )
        for column in sheet.columns
        if column.names
    ]
    waits_for = {one.question.key: one.question.show_if_question for one in sheet.columns}
    for key, place, alike in [("", SIZE, frozenset[Cell]()), *all_same]:
        answered = {crossing: line[place] for crossing, line in sheet.lines.items() if line[place]}
        same = (frozenset(answered.items()), alike)
        if same not in known:
            known[same] = frozenset(suppress(BREAKDOWNS, answered, k=k, all_same=alike).hidden)
        found[key] = known[same]
        if waits_for.get(key) and waits_for[key] in found:
            found[key] |= found[waits_for[key]]
    return found


def _all_same(line: Counts, column: Column) -> bool:
    """Whether all who answered gave the same answer, so that their number protects nobody."""
    n = line[column.n]
    return n > 0 and all(count in (0, n) for count in line[column.start : column.n])
