"""What the calendar does by itself: reminders that are due, series whose day has come, low ratings to be asked about again."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from comity.core.errors import DomainError
from comity.office import services as office
from comity.surveys.models import Wave
from comity.surveys.services import accounts, closing, recurring, rerating, response_status, sending, waves

BY = sending.BY
PATIENCE = timedelta(days=2)  # before a reminder nobody planned makes sense
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
    mail = {"invite": waves.go_on_opening, "remind": waves.go_on_reminding, "tell": accounts.go_on_telling}
    begun = 0
    for wave, what in [*sending.unfinished(), *((wave, "tell") for wave in accounts.unfinished())]:
        if not waves.is_worked_on(wave, waves.OPENING, waves.REMINDING, accounts.TELLING):
            mail[what](wave, by=BY)
            begun += 1
    return begun


def something_unfinished() -> bool:
    """Whether mail of a wave may stand still: asked every few minutes, so it is cheap."""
    return sending.something_unfinished() or accounts.lately_begun().exists()


def remind_due(today: date) -> None:
    """Begin a round of reminders in each open wave that has one due."""
    rows = Wave.objects.filter(state=Wave.State.OPEN, closes_on__gte=today)
    for wave in [one for one in rows.exclude(remind_after_days=[]) if is_due(one, today)]:
        try:
            waves.remind(wave.pk, by=BY)
        except DomainError as refused:
            log.warning("Wave %s was not reminded: %s", wave.key, refused)


def is_due(wave: Wave, today: date) -> bool:
    """Whether a day set for reminders has come since the wave opened or last reminded; several missed days make one."""
    return any((wave.reminded_on or date.min) < day <= today for day in _reminder_days(wave))


def next_reminder(wave: Wave, today: date) -> date | None:
    """The day of the next reminder, if there is one before the last day to answer."""
    if not wave.is_open:
        return None
    first, last = max(today, wave.reminded_on or today), wave.closes_on or date.max
    return min((day for day in _reminder_days(wave) if first < day <= last), default=None)


def remind_from(wave: Wave, today: date) -> date | None:
    """From which day on reminding makes sense: as planned, else two days after people were last written to.

    Where the last day to answer is near, the day before it. None when there is no such day before the wave closes.
    """
    planned = None if is_due(wave, today) else next_reminder(wave, today)
    if planned or wave.opened_at is None:
        return planned
    last = wave.reminded_on or wave.opened_at.astimezone(office.time_zone()).date()
    a_day, closes_on = timedelta(days=1), wave.closes_on or date.max
    day = max(last + a_day, min(last + PATIENCE, closes_on - a_day))
    return day if wave.is_open and day <= closes_on else None


def _reminder_days(wave: Wave) -> list[date]:
    if wave.opened_at is None:
        return []
    opened = wave.opened_at.astimezone(office.time_zone()).date()
    return [opened + timedelta(days=days) for days in wave.remind_after_days]
