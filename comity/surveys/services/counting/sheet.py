"""The tally sheet: answers go over it one by one, and only counts stay, however many answers there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from comity.core.surveys import MOST_DRIVERS
from comity.surveys.models import Question
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.services.scales import counted_as, places

# What people are told apart by in tables; a crossing has one value for each.
DIMENSIONS = ("partner", "kind", "tier", "size")
Crossing = tuple[str, ...]
Counts = list[int]
Pattern = tuple[int | None, ...]

SIZE = 0  # where a line of counts holds how many people it is of


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
        self.lines: dict[Crossing, Counts] = {}
        self.by_day: dict[date, Counts] = {}
        self.patterns: Counter[Pattern] = Counter()
        self.outcome = next((one.question for one in self.columns if _is_outcome(one.question)), None)
        drivers = [one.question for one in self.columns if one.question.driver and one.question.is_numeric]
        self.drivers = [one for one in drivers if one is not self.outcome][:MOST_DRIVERS]
        self._pattern_keys = [one.key for one in (self.outcome, *self.drivers) if one is not None]

    @property
    def answered(self) -> int:
        """How many people it is of."""
        return sum(line[SIZE] for line in self.lines.values())

    def take(self, everybody: Iterable[Answered]) -> None:
        """Count people in."""
        for crossing, answers, day in everybody:
            marks = self._marks(answers)
            self._mark(self.lines, crossing, marks)
            if day is not None:
                self._mark(self.by_day, day, marks)
            if self.drivers:
                self.patterns[tuple(_number(answers.get(key)) for key in self._pattern_keys)] += 1

    def column(self, key: str) -> Column:
        return next(one for one in self.columns if one.question.key == key)

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

    def _mark(self, lines: dict[Any, Counts], key: Any, marks: Sequence[int]) -> None:
        line = lines.get(key)
        if line is None:
            line = lines[key] = [0] * self.width
        for place in marks:
            line[place] += 1


def _given(column: Column, value: Any) -> Counts:
    """The places of an answer, and of n. What a question does not offer any more is passed over."""
    if not column.names:
        return [column.n]
    given = value if isinstance(value, list) else [value]
    found = [column.place_of[one] for one in given if one in column.place_of]
    return [*found, column.n] if found else []


def _number(value: Any) -> int | None:
    return value if type(value) is int else None


def _is_outcome(question: Question) -> bool:
    return question.outcome and question.is_numeric
