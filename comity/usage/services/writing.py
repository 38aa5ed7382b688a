"""From judged rows to the store: files first, then, in one transaction, the word that they count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.jobs.models import Work
from comity.jobs.progress import Progress, TakenOver
from comity.usage.judging import ADDED, ASIDE, EXCLUDED, KNOWN
from comity.usage.models import Batch, Part, SetAside, Source
from comity.usage.services.months import opened
from comity.usage.store import READ_BY, Engine, Store, left_name, paths, rows_name

LEFT = "line, outcome, reason, said, why, period, row_id, content, cells"


@transaction.atomic
def take_turn(source_id: int, work: Work | None) -> None:
    """One file of a source is written at a time; with no work it is nobody's turn. Raises DomainError while another is."""
    source = Source.objects.select_for_update().get(pk=source_id)
    other = source.work
    if other and other != work and (other.state == Work.State.WAITING or other.is_alive()):
        raise DomainError(
            _("Another file of “%(source)s” is being loaded. Wait until it is done, then try again.")
            % {"source": source}
        )
    source.work = work
    source.save(update_fields=["work"])


def view_known(db: Engine, batch: Batch) -> None:
    """Let the engine see, as `kept`, the rows by which those of a batch are known again, of all files of its source.

    What was set aside of the batch itself is none of them. `taken` are those that are rated, or left out by rule.
    """
    parts = Part.objects.filter(batch__source=batch.source, batch__state=Batch.State.LOADED, rows__gt=0)
    others = batch.source.batches.loaded().filter(turn__gt=0).exclude(pk=batch.pk)
    rated = [rows_name(*each) for each in parts.values_list("period__first_on", "batch", "turn")]
    left = [left_name(*each) for each in others.values_list("pk", "turn")]
    kept = db.sql("SELECT '' AS row_id, '' AS content, false AS taken WHERE false")
    for names, taken in ((rated, "true"), (left, f"outcome = '{EXCLUDED}'")):
        if names:
            rows = db.read_parquet(paths(Store.here().read(names)))
            kept = kept.union(rows.project(f"row_id, content, {taken} AS taken"))
    kept.create_view("kept")


def view_left(db: Engine, batch: Batch) -> list[str]:
    """Let the engine see, as `before`, what is left of a batch since its last turn; the headers of its file."""
    db.read_parquet(paths(Store.here().read([left_name(batch.pk, batch.turn)]))).create_view("before")
    found = db.execute("SELECT map_keys(cells) FROM before LIMIT 1").fetchone()
    return list(found[0]) if found else []


def write(db: Engine, folder: Path, batch: Batch, progress: Progress, headers: list[str]) -> dict[date, str]:
    """Write what was judged as the next turn of a batch, with what was left out by rule before.

    Gives the hash of each month's file. It does not count before `finish`.
    """
    from comity.usage.row_schema import ROWS

    store, turn = Store.here(), batch.turn + 1
    ours = {"source": _quoted(batch.source.name), "batch": f"CAST({batch.pk} AS BIGINT)"}
    columns = ", ".join(f"{ours.get(name, name)} AS {name}" for name in ROWS.names)
    added = f"FROM judged WHERE outcome = '{ADDED}'"
    hashes: dict[date, str] = {}
    for (period,) in db.execute(f"SELECT DISTINCT period {added} ORDER BY period").fetchall():
        progress.say(0, 0, _("Writing %(month)s") % {"month": f"{period:%Y-%m}"})
        rows = f"SELECT {columns} {added} AND period = DATE '{period}' ORDER BY {', '.join(READ_BY)}"
        _copy(db, rows, folder / "rows")
        hashes[period] = store.keep(folder / "rows", rows_name(period, batch.pk, turn))
    cells = ", ".join(f"c{place}" for place in range(len(headers)))
    db.execute(
        f"""CREATE TABLE left_rows AS SELECT {LEFT}
        FROM judged JOIN (SELECT line, MAP($headers, [{cells}]) AS cells FROM staged) USING (line)
        WHERE outcome IN ('{EXCLUDED}', '{ASIDE}')""",
        {"headers": headers},
    )
    if batch.turn:
        db.execute(f"INSERT INTO left_rows SELECT {LEFT} FROM before WHERE outcome = '{EXCLUDED}'")
    _copy(db, "FROM left_rows ORDER BY outcome, reason, said, line", folder / "left")
    store.keep(folder / "left", left_name(batch.pk, turn))
    return hashes


@transaction.atomic
def finish(db: Engine, batch: Batch, progress: Progress, hashes: dict[date, str]) -> None:
    """From here on the files of this turn count. Raises DomainError, TakenOver."""
    source = Source.objects.select_for_update().get(pk=batch.source_id)
    if source.work_id != progress.work.pk or not progress.work.of_this_attempt().exists():
        raise TakenOver
    groups = db.execute(
        "SELECT period, outcome, reason, said, count(*) FROM judged GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    found, of_month = Counter[str](), Counter[tuple[date, str]]()
    for month, outcome, _reason, _said, rows in groups:
        found[outcome] += rows
        of_month[month, outcome] += rows
    turn = batch.turn + 1
    periods = opened({month for month, outcome in of_month if outcome != KNOWN})
    batch.set_asides.all().delete()
    SetAside.objects.bulk_create(
        SetAside(batch=batch, period=periods[month], reason=reason, said=said, rows=rows)
        for month, outcome, reason, said, rows in groups
        if outcome == ASIDE
    )
    Part.objects.bulk_create(
        Part(
            batch=batch,
            period=periods[month],
            turn=turn,
            rows=of_month[month, ADDED],
            excluded=of_month[month, EXCLUDED],
            sha256=hashes.get(month, ""),
        )
        for month in sorted(periods)
        if of_month[month, ADDED] or of_month[month, EXCLUDED]
    )
    if turn == 1:
        (batch.rows_in,) = db.execute("SELECT count(*) FROM staged").fetchone() or (0,)
    batch.added += found[ADDED]
    batch.known += found[KNOWN]
    batch.excluded += found[EXCLUDED]
    batch.set_aside = found[ASIDE]
    if batch.rows_in != batch.added + batch.known + batch.excluded + batch.set_aside:
        raise AssertionError(f"The rows of {batch} do not add up.")
    batch.turn, batch.state, batch.note, batch.preview = turn, Batch.State.LOADED, "", {}
    batch.save()


def clear(batches: Iterable[Batch]) -> None:
    """Remove what a load that died, or an earlier turn, left in the store and nobody counts."""
    store = Store.here()
    for batch in batches:
        parts = batch.parts.filter(rows__gt=0).values_list("period__first_on", "batch", "turn")
        counts = {left_name(batch.pk, batch.turn), *(rows_name(*each) for each in parts)}
        store.forget(name for name in store.of_batch(batch.pk) if name not in counts)


def _quoted(text: str) -> str:
    """A text as SQL has it, where no parameter can stand."""
    return "'" + text.replace("'", "''") + "'"


def _copy(db: Engine, select: str, to: Path) -> None:
    db.execute(
        f"COPY ({select}) TO {_quoted(str(to))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)"
    )
