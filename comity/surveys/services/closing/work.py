"""The work of closing. Killed at any moment it begins anew, and what it did is there whole or not at all.

All is counted beforehand; the database is held only while it is written. docs/decisions/anonymity.md says what of an
anonymous wave is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.jobs.progress import Watched
from comity.surveys.models import Mode, Wave
from comity.surveys.services.closing.anonymizing import part
from comity.surveys.services.counting.refreshing import counted
from comity.surveys.services.counting.statistics import Figures
from comity.surveys.services.counting.writing import write
from comity.surveys.services.low_ratings import raise_for_whole

FROZEN = "surveys.freeze_wave"
BY = "worker"


def finish(progress: Watched, *, wave_id: int) -> str:
    """Count a wave that is being closed, and freeze it; a sentence of what was done."""
    wave = Wave.objects.select_related("version", "against").filter(pk=wave_id).first()
    if wave is None:
        raise DomainError(_("This wave no longer exists."))
    if wave.state == Wave.State.CLOSING:
        progress.say(0, 1)
        if wave.mode == Mode.ANONYMOUS:
            _close_anonymous(wave)
        else:
            _close_known(wave)
        wave.refresh_from_db()
    if wave.state != Wave.State.CLOSED:
        raise DomainError(_("This wave is not being closed."))
    answered = int(wave.figures.get("answered", 0))
    return ngettext("Closed, with %(count)s answer.", "Closed, with %(count)s answers.", answered) % {
        "count": f"{answered:,}"
    }


def _close_known(wave: Wave) -> None:
    """Of a wave whose answers have an author. Nothing arrives any more, so the tables can be written in piles."""
    rows, figures = counted(wave)
    write(wave, rows)
    _freeze(wave, figures, lambda: None)


def _close_anonymous(wave: Wave) -> None:
    """The tables first, in piles: they hold only what may be shown. Then answers and authors part in one transaction."""
    parted = part(wave)
    write(wave, parted.rows)
    _freeze(wave, parted.figures, parted.keep)
    forget()


def _freeze(wave: Wave, figures: Figures, write_beside: Callable[[], Any]) -> None:
    """The one moment at which a wave is closed, and its low ratings heard. Whoever comes second finds it done."""
    with transaction.atomic():
        locked = Wave.objects.select_for_update(of=("self",)).get(pk=wave.pk)
        if locked.state != Wave.State.CLOSING:
            return
        write_beside()
        now = timezone.now()
        locked.state, locked.closed_at = Wave.State.CLOSED, now
        locked.figures, locked.figures_at = figures, now
        locked.save(update_fields=["state", "closed_at", "figures", "figures_at"])
        raise_for_whole(locked)
        audit.record(
            by=BY,
            action=FROZEN,
            target=locked,
            before={"state": Wave.State.CLOSING},
            after={"state": locked.state, "answered": figures["answered"]},
        )


def forget() -> None:
    """SQLite keeps what was deleted in its write-ahead log until that is begun anew; begin it now.

    Somebody who reads for long, such as a backup, keeps it from that; so it is tried again each morning.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
