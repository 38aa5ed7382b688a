"""Bringing a file in: look what would become of its rows, then load it; each in the background, and safe to run again.

The files of the store come first; then, in one transaction, the word that they count.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity import jobs
from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.changing import change
from comity.editing.keeping import Keeping
from comity.imports.parsing import clean
from comity.jobs import queue
from comity.jobs.models import Work
from comity.jobs.progress import Progress, TakenOver
from comity.people.management.acting import COMMAND_LINE
from comity.people.models import User
from comity.usage.judging import ADDED, ASIDE, EXCLUDED, KNOWN, judge
from comity.usage.models import Batch, Part, Period, SetAside, Source
from comity.usage.reading import FOCUS, KEYS, check_mapping, mapping_of
from comity.usage.services.months import opened
from comity.usage.store import READ_BY, Engine, Store, engine, left_name, rows_name, rows_names, said_plainly

if TYPE_CHECKING:  # what comes with these, most processes never need
    from comity.usage.file_rows import Rows

SOURCES = Keeping(Source, gettext_lazy("a source of usage"))
LOADED, MAPPED, DISCARDED = "usage.load", "usage.map", "usage.discard"
LEFT = "line, outcome, reason, said, why, period, row_id, content, cells"
LOOK_WORK, LOAD_WORK = "usage.look", "usage.load"
_SHOWN, _SAMPLES = 12, 3


def named(name: str, file: Path, *, by: User | None) -> Source:
    """The source of that name; a new one is what its first file looks like. Raises DomainError."""
    known: Source | None = Source.objects.filter(name=name).first()
    if known is not None:
        return known
    is_focus = set(FOCUS.values()) - {"SubAccountId", "ChargeClass"} <= set(open_rows(file).headers)
    layout = Source.Layout.FOCUS if is_focus else Source.Layout.TABLE
    return SOURCES.enter({"name": name, "layout": layout}, by=by or COMMAND_LINE)


def upload(file: File[bytes], *, source: Source, by: User) -> Batch:
    """Keep a file that a page was given and begin to look at it. Raises DomainError if it is no table."""
    path = incoming() / get_random_string(32)
    try:
        with said_plainly(), path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        with transaction.atomic():
            batch = receive(path, source=source, name=file.name or "", by=by)
            _start(LOOK_WORK, _("Reading %(file)s"), batch, by)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return batch


def receive(
    path: Path, *, source: Source, name: str, by: User | None, mapping: Mapping[str, str] | None = None
) -> Batch:
    """Take a file as it lies there, with its columns as they are told, remembered or look. Raises DomainError."""
    rows = open_rows(path)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Batch.objects.create(
        source=source,
        name=Path(name).name[:200] or "file",
        path=str(path.resolve()),
        sha256=sha256,
        state=Batch.State.PREVIEW,
        mapping=mapping_of(source, rows.headers, mapping),
        loaded_by=by,
    )


def open_rows(path: Path) -> Rows:
    """A file's headers and rows. Raises UnreadableError, also while the rows are read."""
    from comity.usage.file_rows import open_file

    return open_file(path)


def _start(task: str, label: str, batch: Batch, by: User | str, *, here: bool = False) -> Work:
    """Have a file read or loaded, and keep all that is known of it."""
    label = label % {"file": batch.name}
    url = batch.get_absolute_url()
    batch.work = jobs.start(task, {"batch_id": batch.pk}, label=label, by=by, url=url, here=here)
    batch.save()
    return batch.work


@contextmanager
def examined(batch: Batch, progress: Progress) -> Iterator[tuple[Engine, Path, list[str]]]:
    """An engine with every row of the file judged, a folder to write from, and the headers. Raises DomainError."""
    rows = open_rows(Path(batch.path))
    with Store.here().workshop() as folder, engine(folder) as db:
        _stage(db, rows, progress)
        cells = f"SELECT * EXCLUDE ({', '.join(KEYS)}) FROM staged ORDER BY line LIMIT {_SAMPLES}"
        first = db.execute(cells).fetchall()
        samples = [[clean(cell or "")[:80] for cell in column] for column in zip(*first, strict=True)]
        batch.preview = {"headers": rows.headers, "read_as": rows.read_as, "samples": samples}
        check_mapping(batch.mapping, rows.headers)
        progress.say(0, 0, _("Comparing with existing records"))
        judge(db, batch, rows.headers, batch.mapping)
        yield db, folder, rows.headers


def _stage(db: Engine, rows: Rows, progress: Progress) -> None:
    """The cells of a file as text in a table of the engine."""
    done = 0
    for chunk in rows.tables:
        db.register("chunk", chunk)
        db.execute("INSERT INTO staged FROM chunk" if done else "CREATE TABLE staged AS FROM chunk")
        done += chunk.num_rows
        progress.say(0, 0, _("%(n)s rows read") % {"n": f"{done:,}"})


def look(progress: Progress, *, batch_id: int) -> None:
    """Background work: what would become of the rows; nothing is written but that."""
    batch = Batch.objects.select_related("source").get(pk=batch_id)
    batch.note = ""
    try:
        with examined(batch, progress) as (db, _folder, _headers):
            batch.preview |= _found(db)
    except DomainError as error:
        batch.note = str(error)
    waits = Batch.objects.filter(pk=batch_id, state=Batch.State.PREVIEW)
    waits.update(preview=batch.preview, note=batch.note)


def _found(db: Engine) -> dict[str, Any]:
    """What a person is shown before a file is loaded, as JSON."""
    found = dict(db.execute("SELECT outcome, count(*) FROM judged GROUP BY outcome").fetchall())
    counts = {"in": sum(found.values()), "set_aside": found.pop(ASIDE, 0), **found}
    shown = {
        "periods": f"""SELECT strftime(period, '%Y-%m'), count(*), count(*) FILTER (belongs_to <> period) FROM judged
            WHERE outcome = '{ADDED}' GROUP BY period ORDER BY period""",
        "reasons": f"""SELECT reason, said, count(*) FROM judged WHERE outcome = '{ASIDE}' GROUP BY ALL
            ORDER BY count(*) DESC, reason, said LIMIT {_SHOWN}""",
        "rules": f"SELECT why, count(*) FROM judged WHERE outcome = '{EXCLUDED}' GROUP BY why ORDER BY why",
        "examples": f"""SELECT line, account, partner, offering, strftime(on_day, '%Y-%m-%d'), CAST(used AS VARCHAR),
            CAST(cost AS VARCHAR) FROM judged WHERE outcome = '{ADDED}' ORDER BY line LIMIT {_SHOWN}""",
    }
    return {"counts": counts, **{name: db.execute(sql).fetchall() for name, sql in shown.items()}}


@transaction.atomic
def map_again(batch_id: int, mapping: Mapping[str, str], *, by: User) -> Batch:
    """Say which column holds what, remember it for the source, and look at the file again. Raises DomainError."""
    batch = _locked(batch_id)
    check_mapping(mapping, mapping.values())
    remember(batch.source, mapping, by=by)
    batch.mapping, batch.preview, batch.note, batch.state = dict(mapping), {}, "", Batch.State.PREVIEW
    _start(LOOK_WORK, _("Reading %(file)s"), batch, by)
    return batch


def remember(source: Source, mapping: Mapping[str, str], *, by: User | None) -> None:
    """The next file of a source is read as this one is."""
    facts = {"mapping": dict(mapping)}
    change(Source.objects.all(), source.pk, facts, by=by or COMMAND_LINE, action=MAPPED)


def load(batch_id: int, *, by: User | None, here: bool = False) -> Batch:
    """Begin to load what was looked at, or do it here and now. Raises DomainError."""
    batch = _begin(batch_id, by, here=here)
    if here and batch.work:
        with queue.here(batch.work) as progress:
            do_load(progress, batch_id=batch_id)
        batch.refresh_from_db()
    return batch


@transaction.atomic
def _begin(batch_id: int, by: User | None, *, here: bool) -> Batch:
    batch = _locked(batch_id)
    batch.state, batch.note = Batch.State.LOADING, ""
    batch.loaded_by = by or batch.loaded_by
    work = _start(LOAD_WORK, _("Loading %(file)s"), batch, by or COMMAND_LINE, here=here)
    take_turn(batch.source_id, work)
    return batch


def do_load(progress: Progress, *, batch_id: int) -> None:
    """Background work: load a file, whole or not at all."""
    batch = Batch.objects.select_related("source", "loaded_by").get(pk=batch_id)
    if batch.state != Batch.State.LOADING:
        return
    try:
        take_turn(batch.source_id, progress.work)
        clear(batch.source.batches.filter(state__in=(Batch.State.LOADING, Batch.State.FAILED)))
        with examined(batch, progress) as (db, folder, headers):
            keep(db, folder, batch, progress, headers)
    except DomainError as error:
        Batch.objects.filter(pk=batch_id, state=Batch.State.LOADING).update(
            state=Batch.State.FAILED, note=str(error)
        )
        clear([batch])
        raise


@transaction.atomic
def discard(batch_id: int, *, by: User) -> Source:
    """Do not load this file; or take it out again, whole, as long as no bill of its months is issued. Raises DomainError."""
    batch = _locked(batch_id, Batch.State.LOADED)
    before = None
    if batch.state == Batch.State.LOADED:
        take_turn(batch.source_id, None)
        list(Period.objects.open().select_for_update())  # none is issued meanwhile
        if batch.is_billed:
            raise DomainError(
                _("Bills of its months are issued, so this file stays. Mend it by adjustments.")
            )
        before, names = batch.facts, Store.here().of_batch(batch_id)
        transaction.on_commit(lambda: Store.here().forget(names))
    audit.record(by=by, action=DISCARDED, target=batch, before=before)
    drop_copy(batch)
    source = batch.source
    batch.delete()
    return source


def _locked(batch_id: int, *also: str) -> Batch:
    """A file that waits for a person, or is in one of these states. Raises DomainError."""
    rows = Batch.objects.select_for_update(of=("self",)).select_related("source", "work")
    batch: Batch | None = rows.filter(pk=batch_id).first()
    if batch is None:
        raise DomainError(_("This no longer exists."))
    if not (batch.waits or batch.state in also):
        raise DomainError(_("“%(file)s” is loaded already, or is being loaded.") % {"file": batch})
    return batch


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


def view_left(db: Engine, batch: Batch) -> list[str]:
    """Let the engine see, as `before`, what is left of a batch since its last turn; the headers of its file."""
    db.read_parquet(Store.here().read([left_name(batch.pk, batch.turn)])).create_view("before")
    found = db.execute("SELECT map_keys(cells) FROM before LIMIT 1").fetchone()
    return list(found[0]) if found else []


def keep(db: Engine, folder: Path, batch: Batch, progress: Progress, headers: list[str]) -> None:
    """Keep what was judged as the next turn of a batch, with what was left out by rule before. Raises DomainError, TakenOver.

    folder  in which its files may be made
    """
    hashes = _write(db, folder, batch, progress, headers)
    _count(db, batch, progress, hashes)


def _write(db: Engine, folder: Path, batch: Batch, progress: Progress, headers: list[str]) -> dict[date, str]:
    """The files of the next turn, which do not count yet; the hash of each month's."""
    from comity.core.billing.usage_rows import ROWS

    store, turn = Store.here(), batch.turn + 1
    # The name of a source is letters, digits and dashes.
    ours = {"source": f"'{batch.source.name}'", "batch": f"CAST({batch.pk} AS BIGINT)"}
    columns = ", ".join(f"{ours.get(name, name)} AS {name}" for name in ROWS.names)
    added = f"FROM judged WHERE outcome = '{ADDED}'"
    hashes: dict[date, str] = defaultdict(str)
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
def _count(db: Engine, batch: Batch, progress: Progress, hashes: dict[date, str]) -> None:
    """From here on the files of this turn count."""
    source = Source.objects.select_for_update().get(pk=batch.source_id)
    if source.work_id != progress.work.pk or not progress.work.of_this_attempt().exists():
        raise TakenOver
    found = Counter(dict(db.execute("SELECT outcome, count(*) FROM judged GROUP BY outcome").fetchall()))
    rated = db.execute(
        f"""SELECT period, count(*) FILTER (outcome = '{ADDED}'), count(*) FILTER (outcome = '{EXCLUDED}')
        FROM judged WHERE outcome IN ('{ADDED}', '{EXCLUDED}') GROUP BY period ORDER BY period"""
    ).fetchall()
    aside = db.execute(
        f"SELECT period, reason, said, count(*) FROM judged WHERE outcome = '{ASIDE}' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    turn, periods = batch.turn + 1, opened({month for month, *_counted in (*rated, *aside)})
    Part.objects.bulk_create(
        Part(
            batch=batch, turn=turn, period=periods[month], rows=rows, excluded=left_out, sha256=hashes[month]
        )
        for month, rows, left_out in rated
    )
    batch.set_asides.all().delete()
    SetAside.objects.bulk_create(
        SetAside(batch=batch, period=periods[month], reason=reason, said=said, rows=rows)
        for month, reason, said, rows in aside
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
    if turn == 1:
        if not source.mapping:
            Source.objects.filter(pk=source.pk).update(mapping=batch.mapping)
        by = batch.loaded_by or COMMAND_LINE
        audit.record(by=by, action=LOADED, target=batch, after=batch.facts)
        drop_copy(batch)


def incoming() -> Path:
    """Where files lie that a page was given, until they are loaded."""
    folder: Path = settings.DATA / "usage-incoming"
    with said_plainly():
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def drop_copy(batch: Batch) -> None:
    """Remove what a page was given, once all of it is done."""
    if Path(batch.path).parent == incoming().resolve():
        transaction.on_commit(lambda: Path(batch.path).unlink(missing_ok=True))


def clear(batches: Iterable[Batch]) -> None:
    """Remove what a load that died, or an earlier turn, left in the store and nobody counts."""
    store = Store.here()
    for batch in batches:
        counts = {left_name(batch.pk, batch.turn), *rows_names(batch.parts.all())}
        store.forget(name for name in store.of_batch(batch.pk) if name not in counts)


def _copy(db: Engine, select: str, to: Path) -> None:
    db.sql(select).write_parquet(str(to), compression="zstd", row_group_size=100_000)
