"""The first half of an import: read the file, plan every row, and stage the plans for a person to look at."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from heapq import merge
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.imports import columns, profiles, reading, setwise
from comity.imports.models import BUSY, PARTLY, Import, ImportRow, StagedChange
from comity.imports.profiles import Plan, Profile, Row
from comity.jobs.progress import Watched

_SAMPLES, _LONGEST = 5, 200
MARK = "mark"  # of decimals: said with the manner of reading, and asked of each cell
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_STAGED = [
    "batch",
    "line",
    "cells",
    "problem",
    "label",
    "outcome",
    "column",
    "reason",
    "changes",
    "write",
    "target_id",
]


def read(progress: Watched, *, import_id: int) -> None:
    """Background work: read the file and stage what would become of its rows. Safe to run again from anywhere."""
    batch = Import.objects.get(pk=import_id)
    if batch.state not in {Import.State.READING, Import.State.COLUMNS}:
        return
    clear(batch)
    try:
        with _many_small_things():
            _read(batch, progress)
    except DomainError as error:
        clear(batch)
        # What was said of a file that can be read may be wrong: then it can be said again.
        mends = batch.samples and (profiles.profile(batch.profile).about or batch.manner)
        batch.state, batch.note = Import.State.COLUMNS if mends else Import.State.REFUSED, str(error)
        batch.save()


@contextmanager
def _many_small_things() -> Iterator[None]:
    """While a million small things that all are needed are held, nothing walks them to find what is not."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def manner_of(said: Mapping[str, Any]) -> reading.Manner:
    """How a file is to be read, of what was said of it."""
    return reading.Manner(**{key: value for key, value in said.items() if key != MARK})


def _read(batch: Import, progress: Watched) -> None:
    progress.say(0, 0, _("Reading the file"))
    profile = profiles.profile_of(batch)
    manner = replace(manner_of(batch.manner), knows=columns.knows(profile))
    table = reading.open_table(Path(batch.file.path), manner=manner)
    is_first, told = not (batch.headers and batch.mapping), list(batch.mapping)
    batch.headers, batch.read_as = table.headers, table.read_as[:100]
    if is_first:
        profile = profiles.profile_of(batch)
        batch.mapping = columns.with_told(profile, table.headers, batch.mapping)
        # What cells mean: as it was said last time, unless it is said otherwise now.
        last, now = columns.remembered_values(profile, batch.mapping), batch.values
        batch.values = {key: {**last.get(key, {}), **now.get(key, {})} for key in {*last, *now}}
    lines = list(table.lines)
    batch.samples = [line.cells for line in lines[:_SAMPLES]]
    batch.found = {
        "header": table.header,
        "above": [text[:_LONGEST] for text in table.above[:_SAMPLES]],
        "sheet": table.sheet,
        "sheets": table.sheets,
        "hidden": sum(line.hidden for line in lines),
    }
    try:
        columns.check(profiles.profile_of(batch), batch.mapping)
        if is_first:
            columns.ask(profile, batch, told, table.twins, lines)
    except DomainError as error:
        batch.rows_total, batch.state, batch.note = len(lines), Import.State.COLUMNS, str(error)
        batch.save()
        return
    stage(batch, lines, progress)


def stage(batch: Import, lines: list[reading.Line], progress: Watched, *, note: str = "") -> None:
    """Plan every row and keep the plans, in chunks; the preview is there when the last is."""
    profile = profiles.profile_of(batch)
    batch.fingerprint = profile.handler().fingerprint()
    total = len(lines)
    progress.say(0, total, _("Comparing with existing records"))
    understanding = _understanding(batch)
    counts = dict.fromkeys(ImportRow.Outcome.values, 0)
    digest = hashlib.sha256()
    done = partly = 0
    for chunk in setwise.chunks(_plans(batch, lines, understanding)):
        rows = []
        for plan in chunk:
            counts[plan.outcome] += 1
            partly += bool(plan.outcome != "set_aside" and plan.field)
            rows.append(_staged(batch, plan, digest))
        with transaction.atomic():
            setwise.insert(ImportRow, _STAGED, rows)
        done += len(chunk)
        progress.say(done, total, _("Comparing with existing records"))
    batch.unmatched = {
        key: dict(counter.most_common(200)) for key, counter in understanding.unmatched.items()
    }
    if profile.whole:
        understanding.refuse_columns()
    if sum(counts.values()) != total:
        raise AssertionError(f"{total} rows of {batch} came to {counts}.")
    batch.found = {**batch.found, "left_out": dict(understanding.left_out), "partly": partly}
    batch.rows_total, batch.digest = total, digest.hexdigest()
    for outcome, count in counts.items():
        setattr(batch, f"rows_{outcome}", count)
    batch.state, batch.note, batch.trail_line = Import.State.PREVIEW, note, 0
    batch.save()


def _understanding(batch: Import) -> columns.Understanding:
    profile = profiles.profile_of(batch)
    return columns.Understanding(
        profile, batch.headers, batch.mapping, batch.values, batch.manner.get(MARK, "")
    )


def _plans(
    batch: Import, lines: Iterable[reading.Line], understanding: columns.Understanding
) -> Iterator[Plan]:
    """One plan for every line, in the order of lines."""
    profile: Profile = profiles.profile_of(batch)
    headers = {key: header for header, key in reversed(batch.columns.items()) if key}
    good: list[Row] = []
    aside: list[Plan] = []
    for line in lines:
        if line.problem:
            row = Row(line.number, line.cells, {}, problem=line.problem)
            aside.append(Plan(row, "set_aside", reason=line.problem))
            continue
        try:
            good.append(understanding.row(line.number, line.cells))
        except columns.SetAside as problem:
            row = Row(line.number, line.cells, {})
            aside.append(Plan(row, "set_aside", field=problem.column, reason=problem.reason))
    planned = profile.handler().plan(good)
    for plan in merge(aside, planned, key=attrgetter("row.line")):
        if plan.outcome == "set_aside" and plan.field in headers:
            plan.field = headers[plan.field]
        if plan.outcome != "set_aside":
            plan.reason = " ".join(filter(None, [*plan.row.notes, plan.reason]))
            plan.field = PARTLY.join(dict.fromkeys(headers.get(one, one) for one in plan.row.partly))
        yield plan


def _staged(batch: Import, plan: Plan, digest: Any) -> tuple[Any, ...]:
    changes, write = _json(plan.changes), _json(plan.write)
    row = (
        batch.pk,
        plan.row.line,
        _json(plan.row.cells),
        plan.row.problem,
        plan.label[:300],
        plan.outcome,
        plan.field[:200],
        plan.reason,
        changes,
        write,
        plan.target_id,
    )
    digest.update(f"{row[1]}|{row[5]}|{row[7]}|{changes}|{write}|{row[10]}\n".encode())
    return row


def _json(value: object) -> str:
    return _encode(value) if value else ("[]" if value == [] else "{}")


def digest_now(batch: Import) -> str:
    """The digest a preview made now would have: equal as long as every row would come out as shown."""
    digest = hashlib.sha256()
    for plan in _plans(batch, _staged_lines(batch), _understanding(batch)):
        _staged(batch, plan, digest)
    return digest.hexdigest()


def stage_again(batch: Import, progress: Watched, note: str) -> None:
    """Preview anew from the staged cells, with a note why."""
    lines = _staged_lines(batch)
    clear(batch)
    stage(batch, lines, progress, note=note)


def _staged_lines(batch: Import) -> list[reading.Line]:
    rows = ImportRow.objects.filter(batch=batch).order_by("line").values_list("line", "cells", "problem")
    return [reading.Line(*row) for row in rows.iterator(chunk_size=5_000)]


def clear(batch: Import) -> None:
    """Remove staged rows, in chunks that hold the database for a moment only."""
    while True:
        last = ImportRow.objects.filter(batch=batch).order_by("line").values_list("line", flat=True)
        bound = last[setwise.CHUNK * 2 : setwise.CHUNK * 2 + 1].first()
        rows = ImportRow.objects.filter(batch=batch)
        if bound is None:
            setwise.delete(rows)
            return
        with transaction.atomic():
            setwise.delete(rows.filter(line__lt=bound))


def destroy_rows(before: datetime) -> int:
    """Destroy files and rows of imports that ended before a moment; what they changed stays in the trail."""
    ended = Import.objects.filter(created_at__lt=before, rows_wiped_at=None).exclude(state__in=BUSY)
    count = 0
    for batch in ended:
        destroy(batch)
        count += 1
    return count


def destroy(batch: Import) -> None:
    """Destroy the file of an import and its rows, with what else repeats their cells."""
    clear(batch)
    StagedChange.objects.filter(batch=batch).delete()
    batch.samples, batch.unmatched, batch.rows_wiped_at = [], {}, timezone.now()
    batch.save(update_fields=["samples", "unmatched", "rows_wiped_at"])
    transaction.on_commit(partial(batch.file.delete, save=False))
