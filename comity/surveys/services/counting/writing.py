"""Putting tallies into the database: only what differs from what is there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from comity.imports import setwise
from comity.surveys.models import Tally, Wave
from comity.surveys.services.counting.rows import Row

FIELDS = ("table", "group", "question", "invited", "reached", "n", "na", "skipped", "counts")  # as in Row
# Rows in one transaction: a fifth of a second.
PILE = 4_000

Key = tuple[str, str, str]


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
