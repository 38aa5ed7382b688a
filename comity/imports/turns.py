"""One import of a list writes at a time: what it prepares is seen by nobody, but has its codes already.

Whoever is next waits for one that lives, and clears away what a dead one left, whether a page, the worker or a command
had begun it.
"""

from __future__ import annotations

import time

from django.db import transaction
from django.utils.translation import gettext as _

from comity.imports import profiles
from comity.imports.models import BUSY, Import
from comity.jobs.models import Work
from comity.jobs.progress import Watched

_LOOK_EVERY_SECONDS = 0.5


def take(batch: Import, progress: Watched) -> None:
    """Wait until no other import of this list writes; from then on this one does."""
    while (other := _take(batch)) is not None:
        if _is_alive(other):
            progress.say(0, 0, _("Waiting for “%(file)s”") % {"file": other.file_name})
            time.sleep(_LOOK_EVERY_SECONDS)
        else:
            _clear_away(other)


@transaction.atomic
def _take(batch: Import) -> Import | None:
    """The one whose turn it is; None if it is ours now."""
    busy = Import.objects.select_for_update().filter(profile=batch.profile, state__in=BUSY).order_by("pk")
    for other in busy:
        if other.writing and other.pk != batch.pk:
            return other
    batch.writing = True
    batch.save(update_fields=["writing"])
    return None


def _is_alive(batch: Import) -> bool:
    return batch.work is not None and batch.work.is_alive()


def _clear_away(left: Import) -> None:
    """Remove what is hidden, in chunks, unless somebody takes it up: that begins anew, or has only the trail to write."""
    handler = profiles.profile_of(left).handler()
    more = True
    while more:
        with transaction.atomic():
            batch = Import.objects.select_for_update().get(pk=left.pk)
            Work.objects.select_for_update().filter(
                pk=batch.work_id or 0
            ).first()  # nobody begins it meanwhile
            if not batch.writing or _is_alive(batch):
                return
            more = handler.discard(batch)
            if not more:
                batch.writing = False
                batch.save(update_fields=["writing"])
