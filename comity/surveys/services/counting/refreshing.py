"""Counting named waves while they are open, whenever something arrived, so that pages read tallies and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from comity.surveys.models import REACHED, Mode, Participant, Response, Wave, WaveQuerySet
from comity.surveys.services.counting.partners_today import crossings
from comity.surveys.services.counting.rows import Asked, Row, tally_rows
from comity.surveys.services.counting.sheet import Answered, Crossing, Sheet
from comity.surveys.services.counting.statistics import BATCH, Figures, figures_of
from comity.surveys.services.counting.writing import write

State = Participant.State
INVITED = ~Q(state=State.RESTING)


def refresh(wave: Wave) -> int:
    """Count a named wave anew and keep it, in piles; how many rows changed. One that is closed stays as it was frozen.

    Killed in between it is counted again: what was seen is written down last.
    """
    seen = seen_of(wave)
    rows, figures = counted(wave)
    changed = write(wave, rows)
    with transaction.atomic():
        locked = Wave.objects.select_for_update().get(pk=wave.pk)
        if locked.is_open:
            locked.figures, locked.figures_at = {**figures, "seen": seen}, timezone.now()
            locked.save(update_fields=["figures", "figures_at"])
    return changed


def refresh_open() -> int:
    """Count every open named wave in which something arrived; how many."""
    stale = [wave for wave in _countable() if is_stale(wave)]
    for wave in stale:
        refresh(wave)
    return len(stale)


def something_to_count() -> bool:
    """Whether there is a wave that is counted while it is open."""
    return _countable().exists()


def is_stale(wave: Wave) -> bool:
    """Whether an answer was sent or changed, or mail came back, since it was counted. Two queries."""
    seen: list[int] | None = wave.figures.get("seen")
    return seen != seen_of(wave)


def seen_of(wave: Wave) -> list[int]:
    """What tells that nothing arrived since: how many answers there are and how often they were changed, whom we reached."""
    answers = wave.responses.complete().aggregate(count=Count("pk"), changes=Sum("revision"))
    people = wave.participants.aggregate(invited=Count("pk", INVITED), reached=Count("pk", REACHED))
    return [answers["count"], answers["changes"] or 0, people["invited"], people["reached"]]


def counted(wave: Wave) -> tuple[list[Row], Figures]:
    """The tables and the further figures of a wave whose answers have an author; nothing is written.

    In a confidential wave what could unmask is hidden already.
    """
    sheet = Sheet(wave.version.questions.all())
    sheet.take(_answered(wave))
    rows = tally_rows(
        sheet,
        _audience_of_imported(sheet) if wave.imported else audience_of(wave),
        hide_below=wave.smallest_group if wave.hides_who else None,
    )
    return rows, figures_of(wave, sheet, rows)


def audience_of(wave: Wave) -> dict[Crossing, Asked]:
    """Whom a wave asked, by crossing: one row for each body or so."""
    rows = (
        wave.participants.order_by()
        .values_list("partner", "kind", "tier", "size")
        .annotate(invited=Count("pk", INVITED), reached=Count("pk", REACHED))
    )
    return {
        (str(partner), kind, tier, size): Asked(invited, reached)
        for partner, kind, tier, size, invited, reached in rows.iterator(chunk_size=BATCH)
    }


def _countable() -> WaveQuerySet:
    return Wave.objects.open().filter(mode=Mode.NAMED).select_related("version", "against")


def _answered(wave: Wave) -> Iterator[Answered]:
    """Answers that were sent off, with what their authors' bodies were when they were asked."""
    if wave.imported:
        yield from _of_imported(wave)
        return
    rows = wave.responses.complete().values_list(
        "answers",
        "day",
        "participant__partner",
        "participant__kind",
        "participant__tier",
        "participant__size",
    )
    for answers, day, partner, *rest in rows.iterator(chunk_size=BATCH):
        yield Answered((str(partner), *rest), answers, None if wave.hides_who else day)


def _of_imported(wave: Wave) -> Iterator[Answered]:
    """Imported responses: their bodies as they are now, where the file named one."""
    known = crossings(wave)
    rows = Response.objects.filter(wave=wave, is_complete=True).values_list("answers", "day", "partner")
    for answers, day, partner in rows.iterator(chunk_size=BATCH):
        yield Answered(known[partner], answers, day)


def _audience_of_imported(sheet: Sheet) -> dict[Crossing, Asked]:
    """Of imported responses nobody here knows who was asked: those who answered were."""
    return {crossing: Asked(line[0], line[0]) for crossing, line in sheet.lines.items()}
