"""The second half of an import: applied together, and undone together, holding the database for moments only.

docs/decisions/imports.md says why it goes in these steps. Whatever step a crash comes in, running the work
again ends in the same place: before the commit everything prepared is thrown away and prepared again, after
it only the trail is left to write.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.imports import profiles, setwise, staging, turns
from comity.imports.models import BUSY, Import
from comity.imports.obstacles import refuse_obstacles
from comity.imports.profiles import Act, Handler
from comity.imports.setwise import staged
from comity.jobs.progress import Unwatched, Watched
from comity.people.models import User
from comity.ui.components.days import day

APPLIED = "imports.apply"
UNDONE = "imports.undo"
ROW_MADE = "imports.make"
ROW_CHANGED = "imports.change"
ROW_REMOVED = "imports.remove"
ROW_RESTORED = "imports.restore"
_TRIES = 5
_GIVEN_UP_AFTER = timedelta(hours=1)


class _Outdated(Exception):
    """What the preview was compared with has changed since."""


def apply(progress: Watched, *, import_id: int) -> None:
    """Background work: write what the preview showed. Safe to run again from anywhere."""
    batch = Import.objects.get(pk=import_id)
    if batch.state != Import.State.APPLYING:
        return
    handler = profiles.profile_of(batch).handler()
    if batch.applied_at is None:
        turns.take(batch, progress)
        discard(batch, handler)
        try:
            if not _write(batch, handler, progress):
                return
        except DomainError as error:
            discard(batch, handler)
            batch.state, batch.note, batch.writing = Import.State.PREVIEW, str(error), False
            batch.save(update_fields=["state", "note", "writing"])
            return
    _write_trail(batch, handler, progress, undone=False)
    handler.finished(batch)
    batch.state = Import.State.APPLIED
    batch.save(update_fields=["state"])


def _write(batch: Import, handler: Handler, progress: Watched) -> bool:
    """Prepare and commit; False if the preview has to be looked at again."""
    if handler.fingerprint() != batch.fingerprint and not _comes_out_alike(batch, handler, progress):
        return False
    for _try in range(_TRIES):
        try:
            if not _try:
                _prepare(batch, handler, progress)
            _commit(batch, handler)
        except _Outdated:
            if not _comes_out_alike(batch, handler, progress):
                return False
        except IntegrityError:  # somebody has just added one of them by hand
            if not _comes_out_alike(batch, handler, progress):
                return False
            break
        else:
            return True
    raise DomainError(_("Too much is changing right now. Try again in a minute."))


def _prepare(batch: Import, handler: Handler, progress: Watched) -> None:
    with transaction.atomic():
        handler.begin(batch)
    total = batch.rows_new + batch.rows_changed + batch.rows_same
    done = 0
    for chunk in setwise.chunks(staged(batch)):
        with transaction.atomic():
            handler.prepare(batch, chunk)
        done += len(chunk)
        progress.say(done, total, _("Preparing"))


def _comes_out_alike(batch: Import, handler: Handler, progress: Watched) -> bool:
    """Whether every row would still come out as shown; if not, there is a new preview to look at."""
    now = handler.fingerprint()
    if staging.digest_now(batch) == batch.digest:
        batch.fingerprint = now
        return True
    discard(batch, handler)
    batch.writing = False
    staging.stage_again(batch, progress, _what_changed(batch))
    return False


def _what_changed(batch: Import) -> str:
    """Why the preview has to be looked at again."""
    same = batch.of_same_file().filter(applied_at__gt=batch.created_at, undone_at=None).first()
    if same is None:
        return _(
            "Records have changed since you looked, and some rows now come out differently. Check "
            "the preview again."
        )
    return _(
        "The same file was applied by %(who)s on %(day)s, after this preview was made. Below is what it "
        "would change now."
    ) % {"who": same.by or same.actor, "day": day(same.applied_at)}


@transaction.atomic
def _commit(batch: Import, handler: Handler) -> None:
    handler.hold()
    current = Import.objects.select_for_update().get(pk=batch.pk)
    if current.state != Import.State.APPLYING or current.applied_at is not None:
        raise DomainError(_("This file has already been applied."))
    if not current.writing:
        raise DomainError(_("This took too long, and another file was applied first. Try again."))
    if handler.fingerprint() != batch.fingerprint:
        raise _Outdated
    handler.commit(batch)
    batch.applied_at, batch.trail_line, batch.writing = timezone.now(), 0, False
    batch.save(update_fields=["applied_at", "trail_line", "fingerprint", "writing"])
    audit.record(by=actor_of(batch), action=APPLIED, target=batch, after=_figures(batch))


def _figures(batch: Import) -> dict[str, str | int]:
    return {"profile": batch.profile, "file": batch.file_name, "sha256": batch.sha256, **batch.counts}


def actor_of(batch: Import) -> User | str:
    """Who the trail says did it."""
    return batch.by or batch.actor


def discard(batch: Import, handler: Handler) -> None:
    """Throw away what an earlier try prepared; nobody has seen it."""
    more = True
    while more:
        with transaction.atomic():
            more = handler.discard(batch)


def undo(progress: Watched, *, import_id: int) -> None:
    """Background work: take an applied import back as a whole. Safe to run again from anywhere."""
    batch = Import.objects.get(pk=import_id)
    if batch.state != Import.State.UNDOING:
        return
    handler = profiles.profile_of(batch).handler()
    if batch.undone_at is None:
        try:
            _revert(batch, handler)
        except DomainError as error:
            batch.state, batch.note = Import.State.APPLIED, str(error)
            batch.save(update_fields=["state", "note"])
            return
    _write_trail(batch, handler, progress, undone=True)
    discard(batch, handler)
    handler.finished(batch)
    batch.state, batch.writing = Import.State.UNDONE, False
    batch.save(update_fields=["state", "writing"])


@transaction.atomic
def _revert(batch: Import, handler: Handler) -> None:
    handler.hold()
    refuse_obstacles(batch, handler)
    handler.revert(batch)
    batch.undone_at, batch.trail_line, batch.writing = timezone.now(), 0, True
    batch.save(update_fields=["undone_at", "trail_line", "writing"])
    audit.record(by=actor_of(batch), action=UNDONE, target=batch, before=_figures(batch))


def _write_trail(batch: Import, handler: Handler, progress: Watched, *, undone: bool) -> None:
    """One line of the trail for every record, chunk by chunk, each chunk once."""
    at = (batch.undone_at if undone else batch.applied_at) or timezone.now()
    total = batch.rows_new + batch.rows_changed
    done = 0
    while True:
        rows = list(islice(staged(batch, after=batch.trail_line), setwise.CHUNK))
        if not rows:
            return
        with transaction.atomic():
            acts = [_entry(act, undone=undone) for act in handler.acts(batch, rows)]
            audit.record_many(by=actor_of(batch), at=at, acts=acts)
            batch.trail_line = rows[-1].line
            batch.save(update_fields=["trail_line"])
        done += len(rows)
        progress.say(min(done, total), total, _("Writing the trail"))


def _entry(act: Act, *, undone: bool) -> dict[str, Any]:
    made, changed = (ROW_REMOVED, ROW_RESTORED) if undone else (ROW_MADE, ROW_CHANGED)
    return {
        "action": made if act.made else changed,
        "target_kind": act.target_kind,
        "target_id": str(act.target_id),
        "target_label": act.target_label[:300],
        "partner_id": act.partner_id,
        "before": act.after if undone else act.before,
        "after": act.before if undone else act.after,
    }


def mend() -> int:
    """Finish or take away what a command left half done when its process was killed; how many there were.

    Work of the pages is taken up again by the worker itself; this is for imports nobody works on any more.
    """
    left = Import.objects.filter(
        Q(work=None) | Q(work__state="failed"),
        state__in=BUSY,
        created_at__lt=timezone.now() - _GIVEN_UP_AFTER,
    )
    for batch in left:
        if batch.state == Import.State.UNDOING:
            undo(Unwatched(), import_id=batch.pk)
        elif batch.applied_at is not None:
            apply(Unwatched(), import_id=batch.pk)
        else:
            discard(batch, profiles.profile_of(batch).handler())
            batch.state, batch.writing = Import.State.DISCARDED, False
            batch.note = _("The work on this file was interrupted. Nothing was saved.")
            batch.save(update_fields=["state", "note", "writing"])
    return len(left)
