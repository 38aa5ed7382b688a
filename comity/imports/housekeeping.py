"""What happens to imports by themselves: half-done ones are mended, old ones lose their rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.imports import applying, profiles, staging
from comity.imports.models import Import, StagedChange
from comity.jobs.progress import Unwatched

_GIVEN_UP_AFTER = timedelta(hours=1)
_BUSY = [Import.State.READING, Import.State.APPLYING, Import.State.UNDOING]


def mend() -> int:
    """Finish or take away what a command left half done when its process was killed; how many there were.

    Work of the pages is taken up again by the worker itself; this is for imports nobody works on any more.
    """
    left = Import.objects.filter(
        Q(work=None) | Q(work__state="failed"),
        state__in=_BUSY,
        created_at__lt=timezone.now() - _GIVEN_UP_AFTER,
    )
    for batch in left:
        _mend(batch)
    return len(left)


def _mend(batch: Import) -> None:
    if batch.state == Import.State.UNDOING:
        applying.undo(Unwatched(), import_id=batch.pk)
    elif batch.applied_at is not None:
        applying.apply(Unwatched(), import_id=batch.pk)
    else:
        applying.discard(batch, profiles.profile_of(batch).handler())
        batch.state = Import.State.DISCARDED
        batch.note = _("The work on this file was interrupted. Nothing was saved.")
        batch.save(update_fields=["state", "note"])


def destroy_rows(before: datetime) -> int:
    """Destroy files and rows of imports that ended before a moment; what they changed stays in the trail."""
    ended = Import.objects.filter(created_at__lt=before, rows_wiped_at=None).exclude(state__in=_BUSY)
    count = 0
    for batch in ended:
        staging.clear(batch)
        StagedChange.objects.filter(batch=batch).delete()
        batch.samples, batch.rows_wiped_at = [], timezone.now()
        batch.save(update_fields=["samples", "rows_wiped_at"])
        transaction.on_commit(partial(batch.file.delete, save=False))
        count += 1
    return count
