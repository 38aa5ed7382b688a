"""Closing a wave: answers are counted, frozen, and, where nobody may know whose they are, parted from their authors.

All is counted beforehand; the database is held only while it is written. Killed at any moment the work begins anew, and what
it did is there whole or not at all. docs/decisions/anonymity.md says what of an anonymous wave is kept.
"""

from __future__ import annotations

import logging

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.audit import services as audit
from comity.audit.services import Actor
from comity.core.errors import DomainError
from comity.jobs.models import Work
from comity.jobs.progress import Watched
from comity.office import services as office
from comity.surveys.models import Mode, Wave, WaveQuerySet
from comity.surveys.services.anonymizing import Parted, part
from comity.surveys.services.counting.refreshing import counted, write
from comity.surveys.services.counting.statistics import Figures
from comity.surveys.services.low_ratings import raise_for_whole
from comity.surveys.services.waves import is_worked_on, work_on

CLOSE = "surveys.close_wave"  # in the trail
CLOSING = "surveys.close"  # the work in the background
BY = "worker"
log = logging.getLogger(__name__)
FROZEN = "surveys.freeze_wave"


@transaction.atomic
def close_wave(wave_id: int, *, by: Actor) -> Work:
    """Let nothing more be answered, and begin to count; the work that does it.

    Answers that are being kept at this moment are waited for. Raises DomainError unless the wave is open.
    """
    wave = Wave.objects.select_for_update(of=("self",)).get(pk=wave_id)
    refuse_unless_open(wave)
    before, wave.state = wave.state, Wave.State.CLOSING
    wave.save(update_fields=["state"])
    audit.record(by=by, action=CLOSE, target=wave, before={"state": before}, after={"state": wave.state})
    return go_on_closing(wave, by=by)


def refuse_unless_open(wave: Wave) -> None:
    """Raises DomainError, saying how it is."""
    if wave.state == Wave.State.CLOSED:
        raise DomainError(_("This wave is already closed."))
    if wave.state == Wave.State.CLOSING:
        raise DomainError(_("This wave is being closed, and its answers are being counted."))
    if not wave.is_open:
        raise DomainError(_("This wave was never opened, so it cannot be closed."))


def go_on_closing(wave: Wave, *, by: Actor) -> Work:
    """Let the worker count a wave that is being closed."""
    return work_on(wave, CLOSING, _("Closing “%(wave)s”"), by=by)


def go_on() -> int:
    """Close what is due, and take up what stands still; how many waves. What refuses hinders nothing else."""
    begun = 0
    for wave in _to_close().order_by("pk"):
        try:
            if wave.state != Wave.State.CLOSING:
                close_wave(wave.pk, by=BY)
            elif is_worked_on(wave, CLOSING):
                continue
            else:
                go_on_closing(wave, by=BY)
            begun += 1
        except DomainError as refused:
            log.warning("Wave %s was not closed: %s", wave.key, refused)
    return begun


def something_to_close() -> bool:
    """Whether the last day of a wave has passed, or one is being closed: asked every few minutes, so it is cheap."""
    return _to_close().exists()


def _to_close() -> WaveQuerySet:
    due = Q(state__in=Wave.ANSWERABLE, closes_on__lt=office.today())
    return Wave.objects.filter(due | Q(state=Wave.State.CLOSING))


def finish(progress: Watched, *, wave_id: int) -> str:
    """Count a wave that is being closed, and freeze it; a sentence of what was done."""
    wave = Wave.objects.select_related("version", "against").filter(pk=wave_id).first()
    if wave is None:
        raise DomainError(_("This wave no longer exists."))
    if wave.state == Wave.State.CLOSING:
        progress.say(0, 1)
        _close(wave)
        wave.refresh_from_db()
    if wave.state != Wave.State.CLOSED:
        raise DomainError(_("This wave is not being closed."))
    answered = int(wave.figures.get("answered", 0))
    return ngettext("Closed, with %(count)s answer.", "Closed, with %(count)s answers.", answered) % {
        "count": f"{answered:,}"
    }


def _close(wave: Wave) -> None:
    """The tables first, in piles: nothing arrives any more, and they hold only what may be shown.

    Then, of an anonymous wave, answers and authors part in one transaction.
    """
    parted = part(wave) if wave.mode == Mode.ANONYMOUS else None
    rows, figures = (parted.rows, parted.figures) if parted else counted(wave)
    write(wave, rows)
    _freeze(wave, figures, parted)
    if parted:
        forget()


def _freeze(wave: Wave, figures: Figures, parted: Parted | None) -> None:
    """The one moment at which a wave is closed, and its low ratings heard. Whoever comes second finds it done."""
    with transaction.atomic():
        locked = Wave.objects.select_for_update(of=("self",)).get(pk=wave.pk)
        if locked.state != Wave.State.CLOSING:
            return
        if parted:
            parted.keep()
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
