"""The second half of an import: applied together, and undone together, holding the database for moments only.

docs/decisions/imports.md says why it goes in these steps. Whatever step a crash comes in, running the work
again ends in the same place: before the commit everything prepared is thrown away and prepared again, after
it only the trail is left to write.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.imports import profiles, setwise, staging
from comity.imports.models import Import
from comity.imports.profiles import Act, Handler, staged
from comity.jobs.progress import Watched
from comity.people.models import User

APPLIED = "imports.apply"
UNDONE = "imports.undo"
ROW_MADE = "imports.make"
ROW_CHANGED = "imports.change"
ROW_REMOVED = "imports.remove"
ROW_RESTORED = "imports.restore"
_TRIES = 5


class _Outdated(Exception):
    """What the preview was compared with has changed since."""


def apply(progress: Watched, *, import_id: int) -> None:
    """Background work: write what the preview showed. Safe to run again from anywhere."""
    batch = Import.objects.get(pk=import_id)
    if batch.state != Import.State.APPLYING:
        return
    handler = profiles.profile_of(batch).handler()
    if batch.applied_at is None:
        discard(batch, handler)
        try:
            if not _write(batch, handler, progress):
                return
        except DomainError as error:
            discard(batch, handler)
            batch.state, batch.note = Import.State.PREVIEW, str(error)
            batch.save(update_fields=["state", "note"])
            return
    _write_trail(batch, handler, progress, undone=False)
    handler.finished(batch)
    batch.state = Import.State.APPLIED
    batch.save(update_fields=["state"])


def _write(batch: Import, handler: Handler, progress: Watched) -> bool:
    """Prepare and commit; False if the preview has to be looked at again."""
    if handler.fingerprint() != batch.fingerprint and not _comes_out_alike(batch, handler, progress):
        return False
    with transaction.atomic():
        handler.begin(batch)
    total = batch.rows_new + batch.rows_changed + batch.rows_same
    done = 0
    for chunk in setwise.chunks(staged(batch)):
        with transaction.atomic():
            handler.prepare(batch, chunk)
        done += len(chunk)
        progress.say(done, total, _("Preparing"))
    for _try in range(_TRIES):
        try:
            _commit(batch, handler)
        except _Outdated:
            if not _comes_out_alike(batch, handler, progress):
                return False
        else:
            return True
    raise DomainError(_("Too much is changing right now. Try again in a minute."))


def _comes_out_alike(batch: Import, handler: Handler, progress: Watched) -> bool:
    """Whether every row would still come out as shown; if not, there is a new preview to look at."""
    now = handler.fingerprint()
    if staging.digest_now(batch) == batch.digest:
        batch.fingerprint = now
        return True
    discard(batch, handler)
    note = _(
        "Records have changed since you looked, and some rows now come out differently. Check "
        "the preview again."
    )
    staging.stage_again(batch, progress, note)
    return False


@transaction.atomic
def _commit(batch: Import, handler: Handler) -> None:
    handler.hold()
    current = Import.objects.select_for_update().get(pk=batch.pk)
    if current.state != Import.State.APPLYING or current.applied_at is not None:
        raise DomainError(_("This file has already been applied."))
    if handler.fingerprint() != batch.fingerprint:
        raise _Outdated
    handler.commit(batch)
    batch.applied_at, batch.trail_line = timezone.now(), 0
    batch.save(update_fields=["applied_at", "trail_line", "fingerprint"])
    audit.record(by=actor_of(batch), action=APPLIED, target=batch, after=_figures(batch))


def _figures(batch: Import) -> dict[str, str | int]:
    return {
        "profile": batch.profile,
        "file": batch.file_name,
        "sha256": batch.sha256,
        "rows": batch.rows_total,
        "new": batch.rows_new,
        "changed": batch.rows_changed,
        "same": batch.rows_same,
        "set_aside": batch.rows_set_aside,
    }


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
    batch.state = Import.State.UNDONE
    batch.save(update_fields=["state"])


@transaction.atomic
def _revert(batch: Import, handler: Handler) -> None:
    handler.hold()
    obstacles = handler.obstacles(batch)
    if obstacles:
        raise DomainError(" ".join([_("This import cannot be undone."), *obstacles]))
    handler.revert(batch)
    batch.undone_at, batch.trail_line = timezone.now(), 0
    batch.save(update_fields=["undone_at", "trail_line"])
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
            _record(batch, handler.acts(batch, rows), at, undone=undone)
            batch.trail_line = rows[-1].line
            batch.save(update_fields=["trail_line"])
        done += len(rows)
        progress.say(min(done, total), total, _("Writing the trail"))


def _record(batch: Import, acts: list[Act], at: datetime, *, undone: bool) -> None:
    audit.record_many(by=actor_of(batch), at=at, acts=[_entry(act, undone=undone) for act in acts])


def _entry(act: Act, *, undone: bool) -> dict[str, Any]:
    return {
        "action": _action(act, undone=undone),
        "target_kind": act.target_kind,
        "target_id": str(act.target_id),
        "target_label": act.target_label[:300],
        "partner_id": act.partner_id,
        "before": act.after if undone else act.before,
        "after": act.before if undone else act.after,
    }


def _action(act: Act, *, undone: bool) -> str:
    if undone:
        return ROW_REMOVED if act.made else ROW_RESTORED
    return ROW_MADE if act.made else ROW_CHANGED
