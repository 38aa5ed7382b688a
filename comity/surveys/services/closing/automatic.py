"""What closes by itself: waves whose last day has passed, and waves whose closing was given up."""

from __future__ import annotations

import logging
from datetime import date

from django.db.models import Q

from comity.core.errors import DomainError
from comity.jobs.models import Work
from comity.office import services as office
from comity.surveys.models import Wave
from comity.surveys.services.closing.acts import CLOSING, close_wave, go_on_closing

BY = "worker"
log = logging.getLogger(__name__)


def go_on() -> int:
    """Close what is due, and take up what stands still; how many waves. What refuses hinders nothing else."""
    begun = 0
    for wave in Wave.objects.filter(_due(office.today()) | Q(state=Wave.State.CLOSING)).order_by("pk"):
        try:
            if wave.state != Wave.State.CLOSING:
                close_wave(wave.pk, by=BY)
            elif _is_worked_on(wave):
                continue
            else:
                go_on_closing(wave, by=BY)
            begun += 1
        except DomainError as refused:
            log.warning("Wave %s was not closed: %s", wave.key, refused)
    return begun


def something_to_close() -> bool:
    """Whether the last day of a wave has passed, or one is being closed: asked every few minutes, so it is cheap."""
    return Wave.objects.filter(_due(office.today()) | Q(state=Wave.State.CLOSING)).exists()


def _due(today: date) -> Q:
    return Q(state__in=Wave.ANSWERABLE, closes_on__lt=today)


def _is_worked_on(wave: Wave) -> bool:
    return Work.objects.unfinished().filter(task=CLOSING, arguments__wave_id=wave.pk).exists()
