"""Reading the rows of a file: each is an answer, or it is set aside with its line and the reason."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.imports.columns import normal
from comity.imports.parsing import CellError, clean, yes_no
from comity.imports.reading import Table
from comity.partners.importing.directory import Ambiguous, Directory
from comity.surveys.models import Question
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.services.accepting import LONGEST_TEXT, accepted
from comity.surveys.services.gathered.columns import Columns
from comity.surveys.services.scales import KIND, scale_of
from comity.surveys.services.wording import offered
from comity.ui.csv import restore

# What a file of rows set aside has beside them.
OURS = ("line", "column", "reason")
BITS = 62  # of a response's key
MOST_REASONS = 3  # given of a column that is wrong as a whole


@dataclass(frozen=True, slots=True)
class Answer:
    """One row that can be taken. `key` is made of what the row says, and is that of its `Response`."""

    line: int
    key: int
    answers: dict[str, Any]
    partner: int | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One row that cannot be taken: which column is at fault, and why."""

    line: int
    column: str
    reason: str
    cells: tuple[str, ...] = ()


class _SetAside(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


class Reader:
    """Reads the rows of one file for one wave.

    na  what cells say for "I don't know"
    """

    def __init__(
        self, columns: Columns, *, wave_key: str, na: tuple[str, ...], bodies: Directory | None
    ) -> None:
        self._columns = columns
        self._wave_key = wave_key
        self._na = {_plain(code) for code in na}
        self._bodies = bodies
        self._seen: Counter[str] = Counter()
        self._understood: set[str] = set()
        self._refused: dict[str, list[str]] = {}
        self._questions = sorted(columns.questions.values(), key=lambda question: question.order)

    @property
    def mapped(self) -> set[str]:
        """The questions that columns answer."""
        return {question.key for question in self._questions}

    @property
    def names_bodies(self) -> bool:
        """Whether a column says for whom somebody answers."""
        return self._bodies is not None

    def refuse_wrong_columns(self) -> None:
        """After all rows were read. Raises DomainError for a column of which no cell could be an answer to its question.

        A few such cells are the rows' own fault; all of them say that another column was meant, or another scale.
        """
        for header, reasons in self._refused.items():
            if header not in self._understood:
                raise DomainError(
                    _("Nothing in the column “%(column)s” answers its question. %(reasons)s")
                    % {"column": header, "reasons": " ".join(reasons)}
                )

    def read(self, table: Table) -> Iterator[Answer | Problem]:
        """Every row of the file, one or the other."""
        for line in table.lines:
            cells = [clean(restore(cell), lines=True) if cell else "" for cell in line.cells]
            try:
                yield self._row(line.number, cells)
            except _SetAside as problem:
                yield Problem(line.number, problem.column, problem.reason, tuple(line.cells))

    def _row(self, line: int, cells: list[str]) -> Answer:
        headers = self._columns.headers
        if len(cells) > len(headers):
            reason = _("The row has more cells (%(cells)d) than the file has headers (%(headers)d).")
            raise _SetAside("", reason % {"cells": len(cells), "headers": len(headers)})
        said: dict[str, Any] = {}
        for place, question in self._columns.questions.items():
            text = cells[place] if place < len(cells) else ""
            if text:
                said[question.key] = self._value(question, headers[place], text, line)
        if not said:
            raise _SetAside("", _("None of the columns that are mapped says anything."))
        partner = self._partner(cells)
        try:
            answers = accepted(self._questions, said)
        except DomainError as error:
            raise _SetAside("", str(error)) from error
        return Answer(line, self._key(cells), answers, partner)

    def _value(self, question: Question, header: str, text: str, line: int) -> Any:
        if _plain(text) in self._na and question.kind != KIND.TEXT:
            return DONT_KNOW
        try:
            value = _understood(question, text)
        except (DomainError, CellError) as error:
            reasons = self._refused.setdefault(header, [])
            if len(reasons) < MOST_REASONS:
                reasons.append(_("Line %(line)s: %(reason)s") % {"line": line, "reason": error})
            raise _SetAside(header, str(error)) from error
        self._understood.add(header)
        return value

    def _partner(self, cells: list[str]) -> int | None:
        place = self._columns.partner
        said = cells[place] if place is not None and place < len(cells) else ""
        if not said or self._bodies is None or place is None:
            return None
        header = self._columns.headers[place]
        try:
            body = self._bodies.named(said)
        except Ambiguous as error:
            raise _SetAside(header, str(error)) from error
        if body is None:
            raise _SetAside(header, _("Nobody here goes by “%(name)s”.") % {"name": said[:100]})
        return body.pk

    def _key(self, cells: list[str]) -> int:
        """Of what the row says, and how often that was said before in the file; not of what we wrote beside it."""
        pairs = sorted(
            f"{normal(header)}\x1f{cell}"
            for header, cell in zip(self._columns.headers, cells, strict=False)
            if cell and normal(header) not in OURS
        )
        text = "\x1e".join([self._wave_key, *pairs])
        self._seen[text] += 1
        digest = hashlib.sha256(f"{text}\x1e{self._seen[text]}".encode()).digest()
        return int.from_bytes(digest[:8], "big") >> (64 - BITS)


def _plain(text: str) -> str:
    """A code as spreadsheets may write it: 9 and 9.0 are one."""
    return text.strip().casefold().removesuffix(".0")


def _understood(question: Question, text: str) -> Any:
    """A cell as an answer. Raises DomainError or CellError, with the reason."""
    if question.is_numeric:
        scale = scale_of(question)
        return scale.read(text) if scale is not None else None
    if question.kind == KIND.YES_NO:
        return yes_no(text)
    if question.kind == KIND.TEXT:
        if len(text) > LONGEST_TEXT:
            raise DomainError(_("The text is longer than %(most)s letters.") % {"most": f"{LONGEST_TEXT:,}"})
        return text
    if question.kind == KIND.MANY:
        parts = [part for part in text.replace("\n", ";").split(";") if part.strip()]
        return list(dict.fromkeys(_choice(question, part) for part in parts))
    return _choice(question, text)


def _choice(question: Question, text: str) -> str:
    """The key of a choice, said by its key or by its words in either language."""
    for language in ("en", "es"):
        for key, words in offered(question, language):
            if normal(text) in (normal(key), normal(words)):
                return key
    words = ", ".join(words for _key, words in offered(question, "en"))
    raise DomainError(
        _("“%(text)s” is not one of: %(choices)s.") % {"text": text.strip()[:80], "choices": words}
    )
