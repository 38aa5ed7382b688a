"""Counting waves, and keeping what was counted: of named ones while they are open, whenever something arrived, so that pages read
tallies and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from comity.core.load import size_weight
from comity.imports import setwise
from comity.partners.models import Partner
from comity.surveys.models import REACHED, Mode, Participant, Response, Size, Tally, Wave, WaveQuerySet
from comity.surveys.services.counting.sheet import Answered, Asked, Crossing, Row, Sheet, tally_rows
from comity.surveys.services.counting.statistics import BATCH, Figures, figures_of

SIZES = tuple(Size)
NOBODY: Crossing = ("", "", "", "")
State = Participant.State
INVITED = ~Q(state=State.RESTING)
FIELDS = ("table", "group", "question", "invited", "reached", "n", "na", "skipped", "counts")  # as in Row
# Rows in one transaction: a fifth of a second.
PILE = 4_000
Key = tuple[str, str, str]


def crossings(wave: Wave) -> dict[int | None, Crossing]:
    """Body -> what tables tell it apart by, for all whose answers a wave holds; None is a body nobody named."""
    there = Response.objects.filter(wave=wave).values("partner")
    found: dict[int | None, Crossing] = {None: NOBODY}
    rows = Partner.objects.filter(pk__in=there).values_list(
        "pk", "kind", "tier__name", "headcount", "population"
    )
    for pk, kind, tier, headcount, population in rows:
        found[pk] = (str(pk), kind, tier or "", SIZES[size_weight(headcount, population) - 1])
    return found


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


def write(wave: Wave, rows: Iterable[Row]) -> int:
    """Make a wave's tallies these, in piles, each a moment's lock; how many rows changed.

    For some seconds one table may be older than another.
    """
    old = _there(wave)
    new = {(row.table, row.group, row.question): row for row in rows}
    changed = [row for key, row in new.items() if key not in old or old[key][1] != row]
    gone = [pk for key, (pk, _row) in old.items() if key not in new]
    for pile in setwise.chunks(changed, PILE):
        with transaction.atomic():
            _put(wave, pile)
    with transaction.atomic():
        _remove(gone)
    return len(changed)


def _there(wave: Wave) -> dict[Key, tuple[int, Row]]:
    rows = Tally.objects.filter(wave=wave).values_list("pk", *FIELDS)
    found = {}
    for pk, *values in rows.iterator(chunk_size=PILE):
        row = Row(*values)
        found[row.table, row.group, row.question] = pk, row
    return found


def _put(wave: Wave, rows: Sequence[Row]) -> None:
    """Insert rows, or change those that are there; two who count at once do not hinder each other."""
    values = [(wave.pk, *row[:-1], None if row.counts is None else json.dumps(row.counts)) for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(_upsert(), values)


def _remove(keys: Sequence[int]) -> None:
    for pile in setwise.chunks(keys, 500):
        setwise.delete(Tally.objects.filter(pk__in=pile))


def _upsert() -> str:
    quote = connection.ops.quote_name
    columns = [quote(name) for name in ("wave_id", *FIELDS)]
    kept, changed = columns[:4], columns[4:]
    return (
        f"INSERT INTO {quote(Tally._meta.db_table)} ({', '.join(columns)}) "
        f"VALUES ({', '.join(['%s'] * len(columns))}) ON CONFLICT ({', '.join(kept)}) "
        f"DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in changed)}"
    )
