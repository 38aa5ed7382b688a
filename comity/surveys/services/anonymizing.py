"""Parting the answers of an anonymous wave from those who gave them.

In memory, with this installation's secret, each held answer meets its participant once more, to be counted where it
belongs. What leaves this module has lost the way back: tables without what could unmask, ratings and remarks apart from
each other, both in random order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import SystemRandom
from typing import TypeVar

from comity.imports import setwise
from comity.surveys.models import Held, Participant, Remark, Response, Tally, Wave
from comity.surveys.models.answers import unordered
from comity.surveys.services.answers import KIND
from comity.surveys.services.counting.sheet import (
    DIMENSIONS,
    Answered,
    Asked,
    Crossing,
    Row,
    Sheet,
    tally_rows,
)
from comity.surveys.services.counting.statistics import BATCH, Figures, figures_of
from comity.surveys.services.sealing import held_key, opened

State = Participant.State
What = TypeVar("What")
# Of somebody whose invitation is gone: counted with all, and in no group that has a name.
UNKNOWN: Crossing = ("", "", "", "")
PILE = 500

# What is written of a response without an author; whatever could lead to one stays empty.
RESPONSE = ("id", "wave", "partner", "answers", "is_complete", "may_contact", "language", "revision")


@dataclass
class Parted:
    """What is left of the answers, ready to be written.

    ratings, remarks  each under the key of the row it becomes, the smallest first
    answered          keys of the participants whose answers were found; empty where too few answered
    """

    wave: Wave
    rows: list[Row]
    figures: Figures
    ratings: list[tuple[int, str]] = field(default_factory=list)
    remarks: list[tuple[int, tuple[str, str]]] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)

    def keep(self) -> None:
        """Write it, and empty what was held. In the caller's transaction."""
        wave = self.wave.pk
        ratings = [(key, wave, None, rating, True, False, "", 1) for key, rating in self.ratings]
        setwise.insert(Response, RESPONSE, ratings)
        remarks = [(key, wave, *remark) for key, remark in self.remarks]
        setwise.insert(Remark, ("id", "wave", "question", "text"), remarks)
        for pile in setwise.chunks(self.answered, PILE):
            Participant.objects.filter(pk__in=pile).update(answered=True)
        setwise.delete(Held.objects.filter(wave=self.wave))


def part(wave: Wave) -> Parted:
    """Count what is held of a wave, and take the answers from their authors; nothing is written yet."""
    sheet = Sheet(wave.version.questions.all())
    texts = [column.question.key for column in sheet.columns if column.question.kind == KIND.TEXT]
    meeting = _Meeting(wave)
    ratings: list[str] = []
    remarks: list[tuple[str, str]] = []

    def everybody() -> Iterator[Answered]:
        rows = Held.objects.filter(wave=wave, is_complete=True).values_list("key", "answers")
        for key, kept in rows.iterator(chunk_size=BATCH):
            answers = opened(kept, key)
            yield Answered(meeting.meet(key), answers)
            remarks.extend((text, answers[text]) for text in texts if answers.get(text))
            ratings.append(json.dumps({one: said for one, said in answers.items() if one not in texts}))

    sheet.take(everybody())
    rows = tally_rows(sheet, meeting.audience(), hide_below=wave.smallest_group)
    if sheet.answered < wave.smallest_group:
        # Too few: nothing is kept but their number, not even from which groups nobody answered.
        whole = [row for row in rows if row.table == Tally.Table.ALL and not row.question]
        return Parted(wave, whole, {"answered": sheet.answered})
    figures = figures_of(wave, sheet, rows)
    return Parted(wave, rows, figures, _shuffled(ratings), _shuffled(remarks), sorted(meeting.answered))


def _shuffled(rows: list[What]) -> list[tuple[int, What]]:
    """In random order, each under a random key. By the size of their keys, so that every index grows at its end."""
    SystemRandom().shuffle(rows)
    return list(zip(sorted(unordered() for _row in rows), rows, strict=True))


class _Meeting:
    """Whose an answer is, known for the length of one closing."""

    def __init__(self, wave: Wave) -> None:
        self.answered: set[int] = set()
        self._by_key: dict[str, int] = {}
        self._people: dict[int, tuple[Crossing, str]] = {}
        rows = wave.participants.order_by().values_list("pk", "token_hash", "state", *DIMENSIONS)
        for pk, token_hash, state, partner, *rest in rows.iterator(chunk_size=BATCH):
            self._people[pk] = ((str(partner), *rest), state)
            if token_hash:
                self._by_key[held_key(token_hash)] = pk

    def meet(self, key: str) -> Crossing:
        """What the author of an answer is told apart by."""
        pk = self._by_key.get(key)
        if pk is None:
            return UNKNOWN
        self.answered.add(pk)
        return self._people[pk][0]

    def audience(self) -> dict[Crossing, Asked]:
        """Whom the wave asked, as `counting` counts it. Who of them answered plays no part in who was reached."""
        found: dict[Crossing, Asked] = {}
        for crossing, state in self._people.values():
            invited, reached = found.get(crossing, Asked(0, 0))
            found[crossing] = Asked(invited + (state != State.RESTING), reached + (state == State.SENT))
        return found
