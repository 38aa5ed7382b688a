"""What a person does with an import: bring a file, correct the mapping, apply, undo, discard."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from comity import jobs
from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.imports import applying, columns, profiles, reading, staging
from comity.imports.models import BUSY, Import
from comity.imports.obstacles import refuse_obstacles
from comity.jobs import queue
from comity.people.models import User

RECEIVED = "imports.receive"
MAPPED = "imports.map"
DISCARDED = "imports.discard"
DESCRIBED = "imports.describe"
READ_OTHERWISE = "imports.read_otherwise"
WAITING = (Import.State.ABOUT, Import.State.COLUMNS, Import.State.PREVIEW)  # for a person

READ_WORK = "imports.read"
APPLY_WORK = "imports.apply"
UNDO_WORK = "imports.undo"
_WORK: dict[str, str] = dict(zip(BUSY, (READ_WORK, APPLY_WORK, UNDO_WORK), strict=True))

Values = Mapping[str, Mapping[str, str]]


def check_upload(file: File[bytes], manner: Mapping[str, Any] | None = None) -> None:
    """Look whether a file can be a table at all, before anything is kept of it.

    Raises DomainError.
    """
    limit = settings.UPLOAD_LIMIT
    if file.size > limit:
        raise DomainError(
            _("The file is %(size)d MB. The limit is %(limit)d MB. Split it into smaller files.")
            % {"size": file.size // 1_000_000, "limit": limit // 1_000_000}
        )
    with NamedTemporaryFile(suffix=".table") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        reading.open_table(Path(kept.name), manner=staging.manner_of(manner or {}))
    file.seek(0)


@transaction.atomic
def receive(
    file: File[bytes],
    *,
    profile: str,
    by: User | None,
    actor: str = "",
    mapping: Mapping[str, str] | None = None,
    values: Values | None = None,
    about: Mapping[str, Any] | None = None,
    manner: Mapping[str, Any] | None = None,
    in_background: bool = True,
    rehearse: bool = False,
) -> Import:
    """Keep a file and start reading it.

    mapping, values  what is known already of its columns; without them they are guessed
    about            what the profile's form gave; without it a profile that has one waits for it (`describe`)
    manner           how the file is to be read: see `read_otherwise`
    in_background    without, the caller reads it itself (the command does)
    rehearse         leave no trace in the trail; the caller throws it away

    Raises DomainError if it is no table.
    """
    waits = profiles.profile(profile).about is not None and about is None
    check_upload(file, manner)
    readable: Any = file
    batch = Import(
        profile=profile,
        file_name=Path(file.name or "file").name[:200],
        sha256=hashlib.file_digest(readable, "sha256").hexdigest(),
        state=Import.State.ABOUT if waits else Import.State.READING,
        about=dict(about or {}),
        manner=dict(manner or {}),
        mapping=dict(mapping or {}),
        values={key: dict(said) for key, said in (values or {}).items()},
        by=by,
        actor=f"people.User:{by.pk}" if by else actor,
    )
    batch.file.save(f"{batch.sha256[:16]}.table", file, save=False)
    batch.save()
    if not rehearse:
        audit.record(
            by=by or actor,
            action=RECEIVED,
            target=batch,
            after={"profile": profile, "file": batch.file_name, "sha256": batch.sha256},
        )
    if in_background and not waits:
        _read(batch, by)
    return batch


def _read(batch: Import, by: User | None) -> None:
    _start(batch, _("Reading %(file)s") % {"file": batch.file_name}, by)


def _start(batch: Import, label: str, by: User | None, *, here: bool = False) -> None:
    """Have the machine do what the import's state says it is at."""
    batch.work = jobs.start(
        _WORK[batch.state],
        {"import_id": batch.pk},
        label=label[:200],
        by=by or batch.actor,
        url=batch.get_absolute_url(),
        here=here,
    )
    batch.save(update_fields=["work"])


def _locked(import_id: int, *states: str) -> Import:
    """The import, for this transaction alone, if it is in one of these states."""
    batch = Import.objects.select_for_update().get(pk=import_id)
    if batch.state not in states:
        raise DomainError(
            _("“%(file)s” is now in the state “%(state)s”, so this cannot be done.")
            % {"file": batch.file_name, "state": batch.get_state_display()}
        )
    return batch


@transaction.atomic
def describe(import_id: int, *, about: Mapping[str, Any], by: User) -> Import:
    """Say what the profile's form asks about a file, and read it, its columns anew."""
    batch = _locked(import_id, *WAITING)
    before = batch.about
    batch.about, batch.headers, batch.samples, batch.mapping, batch.values = dict(about), [], [], {}, {}
    return _read_again(batch, DESCRIBED, {"about": before}, {"about": batch.about}, by)


@transaction.atomic
def read_otherwise(import_id: int, *, manner: Mapping[str, Any], by: User) -> Import:
    """Say how the file is to be read, and read it so; its columns are matched anew.

    manner  what is said of reading.Manner, and as "mark" the decimal mark of the file's numbers
    """
    batch = _locked(import_id, Import.State.COLUMNS, Import.State.PREVIEW)
    before = batch.manner
    batch.manner, batch.mapping, batch.values = dict(manner), {}, {}
    return _read_again(batch, READ_OTHERWISE, {"manner": before}, {"manner": batch.manner}, by)


def _read_again(
    batch: Import, action: str, before: dict[str, Any], after: dict[str, Any], by: User
) -> Import:
    batch.state, batch.note = Import.State.READING, ""
    batch.save()
    audit.record(by=by, action=action, target=batch, before=before, after=after)
    _read(batch, by)
    return batch


@transaction.atomic
def map_again(import_id: int, *, mapping: Mapping[str, str], values: Values, by: User) -> Import:
    """Say which column holds what, remember it for the next file, and read the file again.

    Raises DomainError if two columns say one thing, or none says a thing every row needs.
    """
    batch = _locked(import_id, Import.State.COLUMNS, Import.State.PREVIEW)
    before = {"mapping": batch.mapping, "values": batch.values}
    batch.mapping = {header: mapping.get(header, "") for header in batch.headers}
    batch.values = {key: {text: to for text, to in said.items() if to} for key, said in values.items()}
    profile = profiles.profile_of(batch)
    columns.check(profile, batch.mapping)
    columns.check_values(profile, batch.values)
    columns.remember(profile, batch.mapping, batch.values)
    return _read_again(batch, MAPPED, before, {"mapping": batch.mapping, "values": batch.values}, by)


def apply(import_id: int, *, by: User | None, here: bool = False) -> Import:
    """Start writing what the preview shows, or write it here and now. The trail is written as the work is done."""
    batch = _begin_to_apply(import_id, by, here=here)
    if here and batch.work:
        with queue.here(batch.work) as progress:
            applying.apply(progress, import_id=import_id)
    return batch


@transaction.atomic
def _begin_to_apply(import_id: int, by: User | None, *, here: bool) -> Import:
    batch = _locked(import_id, Import.State.PREVIEW)
    if not batch.rows_total - batch.rows_set_aside:
        raise DomainError(_("Every row is set aside, so there is nothing to apply."))
    batch.state, batch.note = Import.State.APPLYING, ""
    if by:
        batch.by, batch.actor = by, f"people.User:{by.pk}"
    batch.save()
    _start(batch, _("Applying %(file)s") % {"file": batch.file_name}, by, here=here)
    return batch


def can_undo(batch: Import) -> bool:
    """Whether what it takes to undo an applied import is there still."""
    return not (batch.rows_wiped_at and profiles.profile_of(batch).handler().keeps_rows)


@transaction.atomic
def undo(import_id: int, *, by: User | None, in_background: bool = True) -> Import:
    """Start taking an import back as a whole.

    Raises DomainError if something was built on it, saying what.
    """
    batch = _locked(import_id, Import.State.APPLIED)
    if not can_undo(batch):
        raise DomainError(_("The rows of this import were destroyed under the retention schedule."))
    refuse_obstacles(batch, profiles.profile_of(batch).handler())
    batch.state, batch.note = Import.State.UNDOING, ""
    if by:
        batch.by, batch.actor = by, f"people.User:{by.pk}"
    batch.save()
    if in_background:
        _start(batch, _("Undoing %(file)s") % {"file": batch.file_name}, by)
    return batch


@transaction.atomic
def discard(import_id: int, *, by: User) -> Import:
    """Do not apply this file; its rows go with the retention schedule, or at once where the list keeps none."""
    batch = _locked(import_id, *WAITING)
    if not profiles.profile_of(batch).handler().keeps_rows:
        staging.destroy(batch)
    batch.state, batch.note = Import.State.DISCARDED, ""
    batch.save(update_fields=["state", "note"])
    audit.record(by=by, action=DISCARDED, target=batch)
    return batch


@transaction.atomic
def try_again(import_id: int, *, by: User) -> Import:
    """Take up work that was given up after several failures."""
    batch = _locked(import_id, *BUSY)
    if batch.work is not None and batch.work.goes_on:
        raise DomainError(_("The work is still in progress."))
    _start(batch, f"{batch.get_state_display()}: {batch.file_name}", by)
    return batch
