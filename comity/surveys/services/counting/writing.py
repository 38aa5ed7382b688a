"""Putting tallies into the database: only what differs from what is there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from comity.imports import setwise
from comity.surveys.models import Tally, Wave
from comity.surveys.services.counting.rows import Row

FIELDS = ("table", "group", "question", "invited", "reached", "n", "na", "skipped", "counts")  # as in Row
# Rows in one transaction: a fifth of a second.
PILE = 4_000

Key = tuple[str, str, str]


def write(wave: Wave, rows: Iterable[Row], *, at_once: bool) -> int:
    """Make a wave's tallies these; how many rows changed.

    at_once  all in one statement's reach, for a caller in a transaction; else in piles, each a moment's lock. What stands
             below tables is then for some seconds older in one of them than in another.
    """
    old = _there(wave)
    new = {(row.table, row.group, row.question): row for row in rows}
    changed = [row for key, row in new.items() if key not in old or old[key][1] != row]
    gone = [old[key][0] for key in old if key not in new]
    gone += [old[key][0] for row in changed if (key := (row.table, row.group, row.question)) in old]
    if at_once:
        _replace(wave, gone, changed)
        return len(changed)
    for pile in setwise.chunks(changed, PILE):
        keys = [old[key][0] for row in pile if (key := (row.table, row.group, row.question)) in old]
        with transaction.atomic():
            _replace(wave, keys, pile)
    with transaction.atomic():
        _replace(wave, [old[key][0] for key in old if key not in new], [])
    return len(changed)


def _there(wave: Wave) -> dict[Key, tuple[int, Row]]:
    rows = Tally.objects.filter(wave=wave).values_list("pk", *FIELDS)
    found = {}
    for pk, *values in rows.iterator(chunk_size=PILE):
        row = Row(*values)
        found[row.table, row.group, row.question] = pk, row
    return found


def _replace(wave: Wave, gone: Sequence[int], rows: Sequence[Row]) -> None:
    for pile in setwise.chunks(gone, 500):
        setwise.delete(Tally.objects.filter(pk__in=pile))
    setwise.insert(Tally, ("wave", *FIELDS), [_values(wave, row) for row in rows])


def _values(wave: Wave, row: Row) -> tuple[Any, ...]:
    counts = None if row.counts is None else json.dumps(row.counts)
    return (wave.pk, *row[:-1], counts)
