"""From judged rows to the store: files first, then, in one transaction, the word that they count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from django.db import transaction
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.jobs.models import Work
from comity.jobs.progress import Progress, TakenOver
from comity.office.services import today
from comity.usage.judging import ADDED, ASIDE, EXCLUDED, KNOWN
from comity.usage.models import Batch, Part, SetAside, Source
from comity.usage.services.months import Months, opened
from comity.usage.store import READ_BY, ROWS, Store, left_name, paths, rows_name

MOST_GROUPS = 300  # of one reason that are shown by what they say; the others are shown together
OTHERS = "…"
LEFT = "line, outcome, reason, said, why, period, row_id, content, cells"
Counted = dict[str, int]
_KINDS = {each.type: str(each.type).replace("128", "") for each in ROWS} | {
    pa.int64(): "BIGINT",
    pa.int16(): "SMALLINT",
    pa.date32(): "DATE",
    pa.string(): "VARCHAR",
}


@contextmanager
def turn_of(source_id: int, work: Work) -> Iterator[None]:
    """One file of a source is written at a time. Raises DomainError while another is."""
    with transaction.atomic():
        source = Source.objects.select_for_update().get(pk=source_id)
        other = source.work
        if (
            other is not None
            and other.pk != work.pk
            and (other.state == Work.State.WAITING or other.is_alive())
        ):
            raise DomainError(
                _("Another file of “%(source)s” is being loaded. Wait until it is done, then try again.")
                % {"source": source}
            )
        source.work = work
        source.save(update_fields=["work"])
    yield


def known_files(source: Source, *, without: Batch | None = None) -> tuple[list[str], list[str]]:
    """The files by which rows of a source are known again: what is rated, and what is left; of one batch only what is rated."""
    store = Store.here()
    parts = Part.objects.filter(batch__source=source, batch__state=Batch.State.LOADED, rows__gt=0)
    rated = [
        rows_name(month, batch, turn)
        for month, batch, turn in parts.values_list("period__first_on", "batch", "turn")
    ]
    batches = source.batches.loaded().filter(turn__gt=0).exclude(pk=without.pk if without else 0)
    left = [left_name(pk, turn) for pk, turn in batches.values_list("pk", "turn")]
    return paths(store.read(rated)), paths(store.read(left))


def group(db: duckdb.DuckDBPyConnection) -> None:
    """Give every row a period, if only that of most of the file, and what is set aside a group that can be shown."""
    found = db.execute(
        "SELECT period FROM judged WHERE period IS NOT NULL GROUP BY period ORDER BY count(*) DESC, period LIMIT 1"
    ).fetchone()
    home: date | None = found[0] if found else Months()(today().replace(day=1))
    db.execute("UPDATE judged SET period = $home WHERE period IS NULL", {"home": home})
    db.execute(
        f"""UPDATE judged SET said = '{OTHERS}' WHERE outcome = '{ASIDE}' AND (reason, said) NOT IN (
            SELECT (reason, said) FROM (
                SELECT reason, said, row_number() OVER (PARTITION BY reason ORDER BY count(*) DESC, said) AS place
                FROM judged WHERE outcome = '{ASIDE}' GROUP BY reason, said
            ) WHERE place <= {MOST_GROUPS})"""
    )


def counted(db: duckdb.DuckDBPyConnection) -> Counted:
    """How many rows came to what; all of them. Raises AssertionError."""
    found = dict(db.execute("SELECT outcome, count(*) FROM judged GROUP BY outcome").fetchall())
    (every,) = db.execute("SELECT count(*) FROM staged").fetchone() or (0,)
    if sum(found.values()) != every:
        raise AssertionError(f"{every} rows came to {found}.")
    return {"in": every, **{name: found.get(name, 0) for name in (ADDED, KNOWN, EXCLUDED, ASIDE)}}


def write(
    db: duckdb.DuckDBPyConnection, folder: Path, batch: Batch, progress: Progress, headers: list[str]
) -> tuple[Counted, dict[date, str]]:
    """Write what was judged as the next turn of a batch; how many rows came to what, and the hash of each month's file.

    It does not count before `finish`.
    """
    store, turn = Store.here(), batch.turn + 1
    group(db)
    found = counted(db)
    ours = {"source": _quoted(batch.source.name), "batch": str(batch.pk)}
    columns = ", ".join(
        f"CAST({ours.get(each.name, each.name)} AS {_KINDS[each.type]}) AS {each.name}" for each in ROWS
    )
    hashes: dict[date, str] = {}
    for (period,) in db.execute(
        f"SELECT DISTINCT period FROM judged WHERE outcome = '{ADDED}' ORDER BY 1"
    ).fetchall():
        progress.say(0, 0, _("Writing %(month)s") % {"month": f"{period:%Y-%m}"})
        rows = f"FROM judged WHERE outcome = '{ADDED}' AND period = DATE '{period:%Y-%m-%d}'"
        _copy(db, f"SELECT {columns} {rows} ORDER BY {', '.join(READ_BY)}", folder / "rows")
        hashes[period] = store.keep(folder / "rows", rows_name(period, batch.pk, turn))
    cells = ", ".join(f"c{place}" for place in range(len(headers)))
    left = f"""SELECT {LEFT} FROM (SELECT judged.*, MAP($headers, [{cells}]) AS cells FROM judged JOIN staged USING (line)
        WHERE outcome IN ('{EXCLUDED}', '{ASIDE}'))"""
    keep_left(db, folder, batch, left, {"headers": headers})
    return found, hashes


def keep_left(
    db: duckdb.DuckDBPyConnection, folder: Path, batch: Batch, left: str, parameters: dict[str, Any]
) -> None:
    """Write what is left of a batch for its next turn, with what was left out by rule before."""
    if batch.turn:
        left += f" UNION ALL SELECT {LEFT} FROM read_parquet($before) WHERE outcome = '{EXCLUDED}'"
        parameters["before"] = paths(Store.here().read([left_name(batch.pk, batch.turn)]))
    db.execute(f"CREATE TABLE left_rows AS {left}", parameters)
    _copy(db, "FROM left_rows ORDER BY outcome, reason, said, line", folder / "left")
    Store.here().keep(folder / "left", left_name(batch.pk, batch.turn + 1))


@transaction.atomic
def finish(
    db: duckdb.DuckDBPyConnection, batch: Batch, progress: Progress, found: Counted, hashes: dict[date, str]
) -> None:
    """From here on the files of this turn count. Raises DomainError, TakenOver."""
    source = Source.objects.select_for_update().get(pk=batch.source_id)
    if source.work_id != progress.work.pk or not progress.work.of_this_attempt().exists():
        raise TakenOver
    by_period = "SELECT period, count(*) FROM judged WHERE outcome = $outcome GROUP BY period"
    by_rule = dict(db.execute(by_period, {"outcome": EXCLUDED}).fetchall())
    rated = dict(db.execute(by_period, {"outcome": ADDED}).fetchall())
    groups = f"SELECT period, reason, said, count(*) FROM judged WHERE outcome = '{ASIDE}' GROUP BY ALL ORDER BY ALL"
    aside = db.execute(groups).fetchall()
    periods = opened({*rated, *by_rule, *(month for month, *_rest in aside)})
    SetAside.objects.filter(batch=batch).delete()
    SetAside.objects.bulk_create(
        SetAside(batch=batch, period=periods[month], reason=reason, said=said, rows=rows)
        for month, reason, said, rows in aside
    )
    Part.objects.bulk_create(
        Part(
            batch=batch,
            period=periods[month],
            turn=batch.turn + 1,
            rows=rated.get(month, 0),
            excluded=by_rule.get(month, 0),
            sha256=hashes.get(month, ""),
        )
        for month in sorted({*rated, *by_rule})
    )
    batch.rows_in = batch.rows_in or found["in"]
    batch.added += found[ADDED]
    batch.known += found[KNOWN]
    batch.excluded += found[EXCLUDED]
    batch.set_aside = found[ASIDE]
    if batch.rows_in != batch.added + batch.known + batch.excluded + batch.set_aside:
        raise AssertionError(f"The rows of {batch} do not add up.")
    batch.turn, batch.state, batch.note, batch.preview = batch.turn + 1, Batch.State.LOADED, "", {}
    batch.save()


def clear(batches: Iterable[Batch]) -> None:
    """Remove what a load that died, or an earlier turn, left in the store and nobody counts."""
    store = Store.here()
    for batch in batches:
        parts = batch.parts.filter(rows__gt=0).values_list("period__first_on", "turn")
        counts = {rows_name(month, batch.pk, turn) for month, turn in parts} | {
            left_name(batch.pk, batch.turn)
        }
        store.forget(name for name in store.of_batch(batch.pk) if name not in counts)


def _quoted(text: str) -> str:
    """A text as SQL has it, where no parameter can stand."""
    return "'" + text.replace("'", "''") + "'"


def _copy(db: duckdb.DuckDBPyConnection, select: str, to: Path) -> None:
    db.execute(
        f"COPY ({select}) TO {_quoted(str(to))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)"
    )
