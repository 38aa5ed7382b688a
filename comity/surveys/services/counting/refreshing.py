"""Counting waves, named ones also while they are open, and keeping what was counted: pages read tallies and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from comity.core.load import size_weight
from comity.imports import setwise
from comity.partners.bands import Size
from comity.partners.models import Partner
from comity.surveys.models import REACHED, Mode, Participant, Tally, Wave, WaveQuerySet
from comity.surveys.services.answers import Answers
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

SIZES = tuple(Size)
# How many participants were invited and reached.
ASKED = {
    "invited": Count("pk", ~Q(state=Participant.State.RESTING)),
    "reached": Count("pk", REACHED),
}
FIELDS = ("table", "group", "question", "invited", "reached", "n", "na", "skipped", "counts")  # as in Row
# Rows in one transaction: a fifth of a second.
PILE = 4_000


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
    return bool(wave.figures.get("seen") != seen_of(wave))


def seen_of(wave: Wave) -> list[int]:
    """What tells that nothing arrived since: how many answers there are and how often they were changed, whom we reached."""
    answers = wave.responses.complete().aggregate(count=Count("pk"), changes=Sum("revision"))
    people = wave.participants.aggregate(**ASKED)
    return [answers["count"], answers["changes"] or 0, people["invited"], people["reached"]]


def counted(wave: Wave) -> tuple[list[Row], Figures]:
    """The tables and the further figures of a wave whose answers have an author; nothing is written.

    In a confidential wave what could unmask is hidden already.
    """
    sheet = Sheet(wave.version.questions.all())
    if wave.imported:
        sheet.take(of_imported(wave.responses.complete().values_list("answers", "day", "partner").iterator()))
        audience = all_asked(sheet)
    else:
        sheet.take(_answered(wave))
        audience = audience_of(wave)
    rows = tally_rows(sheet, audience, hide_below=wave.smallest_group if wave.hides_who else None)
    return rows, figures_of(wave, sheet, rows)


def audience_of(wave: Wave) -> dict[Crossing, Asked]:
    """Whom a wave asked, by crossing: one row for each body or so."""
    rows = wave.participants.order_by().values_list("partner", "kind", "tier", "size").annotate(**ASKED)
    return {
        (str(partner), *rest): Asked(invited, reached)
        for partner, *rest, invited, reached in rows.iterator(chunk_size=BATCH)
    }


def _countable() -> WaveQuerySet:
    return Wave.objects.open().filter(mode=Mode.NAMED).select_related("version", "against")


def _answered(wave: Wave) -> Iterator[Answered]:
    """Answers that were sent off, with what their authors' bodies were when they were asked."""
    asked = [f"participant__{name}" for name in DIMENSIONS]
    rows = wave.responses.complete().values_list("answers", "day", *asked)
    for answers, day, partner, *rest in rows.iterator(chunk_size=BATCH):
        yield Answered((str(partner), *rest), answers, None if wave.hides_who else day)


def of_imported(said: Iterable[tuple[Answers, date | None, int | None]]) -> Iterator[Answered]:
    """Responses from elsewhere (answers, day, partner): their bodies as they are now, where the file named one."""
    known: dict[int | None, Crossing] = {None: ("", "", "", "")}
    bodies = Partner.objects.values_list("pk", "kind", "tier__name", "headcount", "population")
    for pk, kind, tier, *sizes in bodies.iterator(chunk_size=BATCH):
        known[pk] = (str(pk), kind, tier or "", SIZES[size_weight(*sizes) - 1])
    for answers, day, partner in said:
        yield Answered(known[partner], answers, day)


def write(wave: Wave, rows: Iterable[Row]) -> int:
    """Make a wave's tallies these, in piles, each a moment's lock; how many rows changed.

    For some seconds one table may be older than another.
    """
    there = wave.tallies.values_list("pk", *FIELDS)
    old = {row[1:4]: (row[0], row[1:]) for row in there.iterator(chunk_size=PILE)}
    new = {row[:3]: row for row in rows}  # its table, group and question
    changed = [row for key, row in new.items() if key not in old or old[key][1] != row]
    gone = [pk for key, (pk, _row) in old.items() if key not in new]
    for pile in setwise.chunks(changed, PILE):
        with transaction.atomic():
            _put(wave, pile)
    with transaction.atomic():
        for keys in setwise.chunks(gone, 500):
            setwise.delete(Tally.objects.filter(pk__in=keys))
    return len(changed)


def _put(wave: Wave, rows: Sequence[Row]) -> None:
    """Insert rows, or change those that are there; two who count at once do not hinder each other."""
    columns = [setwise.quote(name) for name in ("wave_id", *FIELDS)]
    kept, changed = columns[:4], columns[4:]
    upsert = (
        f"INSERT INTO {setwise.quote(Tally._meta.db_table)} ({', '.join(columns)}) "
        f"VALUES ({', '.join(['%s'] * len(columns))}) ON CONFLICT ({', '.join(kept)}) "
        f"DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in changed)}"
    )
    values = [(wave.pk, *row[:-1], None if row.counts is None else json.dumps(row.counts)) for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(upsert, values)
