"""What is left of an anonymous wave when it closes: tables without what could unmask, and remarks. No sheet of answers.

In memory, with this installation's secret, each held answer meets its participant once more, to be counted where it
belongs. Answers gathered elsewhere lie in the rows of their import until they are counted. What leaves this module has lost
the way back: nowhere do two answers of one person stand together. docs/decisions/anonymity.md says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Any

from comity.imports import setwise, staging
from comity.imports.models import Import, ImportRow
from comity.imports.setwise import staged
from comity.surveys.models import Held, Participant, Remark, Tally, Wave
from comity.surveys.models.answers import unordered
from comity.surveys.services.answers import KIND
from comity.surveys.services.counting.refreshing import of_imported
from comity.surveys.services.counting.sheet import (
    DIMENSIONS,
    Answered,
    Asked,
    Crossing,
    Row,
    Sheet,
    all_asked,
    tally_rows,
)
from comity.surveys.services.counting.statistics import BATCH, Figures, figures_of
from comity.surveys.services.sealing import held_key, opened

State = Participant.State
# Of somebody whose invitation is gone: counted with all, and in no group that has a name.
UNKNOWN: Crossing = ("", "", "", "")
IMPORTED = "responses"  # the list that answers gathered elsewhere are imported as
# A figure worked out of whole sheets to its last digit would do to check a guess at all of them.
DIGITS = 4


@dataclass
class Parted:
    """What is left of the answers, ready to be written.

    remarks  question and text, under the key of the row each becomes, the smallest first
    """

    wave: Wave
    rows: list[Row]
    figures: Figures
    remarks: list[tuple[int, tuple[str, str]]] = field(default_factory=list)

    def keep(self) -> None:
        """Write it, and destroy what it was counted from and the way from a link to it. In the caller's transaction."""
        remarks = [(key, self.wave.pk, *remark) for key, remark in self.remarks]
        setwise.insert(Remark, ("id", "wave", "question", "text"), remarks)
        setwise.delete(Held.objects.filter(wave=self.wave))
        self.wave.participants.update(token_hash=None)
        for batch in _brought(self.wave):
            staging.destroy(batch)


def part(wave: Wave) -> Parted:
    """Count what was answered in a wave, and take it from its authors; nothing is written yet."""
    sheet = Sheet(wave.version.questions.all())
    texts = [column.question.key for column in sheet.columns if column.question.kind == KIND.TEXT]
    meeting = None if wave.imported else _Meeting(wave)
    remarks: list[tuple[str, str]] = []

    def heard(everybody: Iterator[Answered]) -> Iterator[Answered]:
        for one in everybody:
            remarks.extend((text, one.answers[text]) for text in texts if one.answers.get(text))
            yield one

    sheet.take(heard(_elsewhere(wave) if meeting is None else meeting.everybody()))
    audience = all_asked(sheet) if meeting is None else meeting.audience()
    rows = tally_rows(sheet, audience, hide_below=wave.smallest_group)
    if sheet.answered < wave.smallest_group:
        # Too few: nothing is kept but their number, not even from which groups nobody answered.
        whole = [row for row in rows if row.table == Tally.Table.ALL and not row.question]
        return Parted(wave, whole, {"answered": sheet.answered})
    figures = figures_of(wave, sheet, rows)
    figures |= {name: _shortened(figures[name]) for name in ("drivers", "alpha")}
    # In random order, each under a random key. By the size of their keys, so that every index grows at its end.
    SystemRandom().shuffle(remarks)
    keys = sorted(unordered() for _remark in remarks)
    return Parted(wave, rows, figures, list(zip(keys, remarks, strict=True)))


def _shortened(value: Any) -> Any:
    """Figures with no more digits than DIGITS."""
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {key: _shortened(one) for key, one in value.items()}
    return [_shortened(one) for one in value] if isinstance(value, list | tuple) else value


def _brought(wave: Wave) -> Iterator[Import]:
    """The import whose rows hold the answers of a wave that was gathered elsewhere, until they are counted."""
    applied = Import.objects.filter(profile=IMPORTED, applied_at__isnull=False, undone_at=None)
    return applied.filter(about__wave=wave.key, rows_wiped_at=None).iterator() if wave.imported else iter(())


def _elsewhere(wave: Wave) -> Iterator[Answered]:
    """Answers gathered elsewhere, as their import staged them; of no day."""
    rows = (row.write["now"] for batch in _brought(wave) for row in staged(batch, ImportRow.Outcome.NEW))
    return of_imported((answers, None, partner) for answers, partner in rows)


class _Meeting:
    """Whose an answer is, known for the length of one closing."""

    def __init__(self, wave: Wave) -> None:
        self._wave = wave
        self._by_key: dict[str, Crossing] = {}
        self._people: list[tuple[Crossing, str]] = []
        rows = wave.participants.order_by().values_list("token_hash", "state", *DIMENSIONS)
        for token_hash, state, partner, *rest in rows.iterator(chunk_size=BATCH):
            crossing = (str(partner), *rest)
            self._people.append((crossing, state))
            if token_hash:
                self._by_key[held_key(token_hash)] = crossing

    def everybody(self) -> Iterator[Answered]:
        """What was sent off, with what its author is told apart by."""
        rows = Held.objects.filter(wave=self._wave, is_complete=True).values_list("key", "answers")
        for key, kept in rows.iterator(chunk_size=BATCH):
            yield Answered(self._by_key.get(key, UNKNOWN), opened(kept, key))

    def audience(self) -> dict[Crossing, Asked]:
        """Whom the wave asked, as `counting` counts it. Who of them answered plays no part in who was reached."""
        found: dict[Crossing, Asked] = {}
        for crossing, state in self._people:
            invited, reached = found.get(crossing, Asked(0, 0))
            found[crossing] = Asked(invited + (state != State.RESTING), reached + (state == State.SENT))
        return found
