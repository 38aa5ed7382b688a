"""What the calendar does by itself: reminders that are due, series whose day has come, low ratings to be asked about again."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from comity.core.errors import DomainError
from comity.jobs.models import Work
from comity.office import services as office
from comity.surveys.models import Wave
from comity.surveys.services import accounts, closing, recurring, rerating, response_status, sending, waves

BY = sending.BY
log = logging.getLogger(__name__)


def each_morning() -> None:
    """Once a day. Whatever refuses is left for the next day and hinders nothing else."""
    response_status.recount()
    go_on()
    remind_due(office.today())
    recurring.run_due(office.today())
    rerating.ask_due(office.today())
    closing.forget()


def go_on() -> int:
    """Take up mail whose work was given up; how many pieces."""
    begun = 0
    for wave, what in sending.unfinished():
        if not _is_worked_on(wave):
            work = waves.go_on_opening if what == "invite" else waves.go_on_reminding
            work(wave, by=BY)
            begun += 1
    for wave in accounts.unfinished():
        if not _is_worked_on(wave):
            accounts.go_on_telling(wave, by=BY)
            begun += 1
    return begun


def something_unfinished() -> bool:
    """Whether mail of a wave may stand still: asked every few minutes, so it is cheap."""
    return sending.something_unfinished() or accounts.lately_begun().exists()


def remind_due(today: date) -> int:
    """Begin a round of reminders in each open wave that has one due; how many."""
    begun = 0
    for wave in Wave.objects.filter(state=Wave.State.OPEN, closes_on__gte=today).exclude(
        remind_after_days=[]
    ):
        if not is_due(wave, today):
            continue
        try:
            waves.remind(wave.pk, by=BY)
        except DomainError as refused:
            log.warning("Wave %s was not reminded: %s", wave.key, refused)
        else:
            begun += 1
    return begun


def is_due(wave: Wave, today: date) -> bool:
    """Whether a day set for reminders has come since the wave opened or last reminded; several missed days make one."""
    if wave.opened_at is None:
        return False
    opened = wave.opened_at.astimezone(office.time_zone()).date()
    last = wave.reminded_on or opened
    return any(last < opened + timedelta(days=days) <= today for days in wave.remind_after_days)


def next_reminder(wave: Wave, today: date) -> date | None:
    """The day of the next reminder, if there is one before the last day to answer."""
    if wave.opened_at is None or not wave.is_open:
        return None
    opened = wave.opened_at.astimezone(office.time_zone()).date()
    days = [opened + timedelta(days=days) for days in wave.remind_after_days]
    coming = [day for day in days if day > max(today, wave.reminded_on or opened)]
    found = min(coming, default=None)
    return found if found and (wave.closes_on is None or found <= wave.closes_on) else None


def _is_worked_on(wave: Wave) -> bool:
    names = (waves.OPENING, waves.REMINDING, accounts.TELLING)
    return Work.objects.unfinished().filter(task__in=names, arguments__wave_id=wave.pk).exists()
