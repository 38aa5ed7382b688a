"""Versions of calendars and targets: entered and changed until a closed month rests on them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.core.errors import DomainError
from comity.core.service_levels import Hours, seconds_of
from comity.editing.keeping import Keeping
from comity.levels.models import OF_TICKETS, PRIORITIES, Calendar, Month, Target
from comity.office import services as office
from comity.ui.components.days import day, month

WORKING_WEEK = "Mon-Fri 08:00-17:00"


def first_free() -> date | None:
    """The first day on which no closed month rests; None while none is closed."""
    last = Month.objects.frozen().order_by("-first").first()
    return last.last + timedelta(days=1) if last else None


def _check_days(row: Calendar | Target, others: Any) -> None:
    """A version begins on a day of its own, after all that is closed; so no two ever hold at once."""
    if twin := others.filter(starts_on=row.starts_on).exclude(pk=row.pk).first():
        words = _("“%(name)s” has a version that begins on %(day)s. Two cannot hold at once.")
        raise DomainError(words % {"name": twin, "day": day(row.starts_on)}, "starts_on")
    then = type(row)._default_manager.filter(pk=row.pk).values_list("starts_on", flat=True).first()
    if (free := first_free()) and min(row.starts_on, then or row.starts_on) < free:
        said = {"month": month(free - timedelta(days=1)), "day": day(free)}
        words = _("%(month)s is closed. Enter a new version that begins on %(day)s or later.")
        raise DomainError(words % said, "starts_on")


def check_calendar(row: Calendar) -> None:
    row.name = " ".join(row.name.split())
    Hours.read(row.zone, row.week, row.days)
    _check_days(row, Calendar.objects.filter(name=row.name))


def check_drop_calendar(row: Calendar) -> None:
    _refuse_drop(row)
    last = not Calendar.objects.filter(name=row.name).exclude(pk=row.pk).exists()
    if last and Target.objects.filter(calendar=row.name).exists():
        raise DomainError(_("Targets are counted by “%(name)s”, so its last version stays.") % {"name": row})


def _refuse_drop(row: Calendar | Target) -> None:
    free = first_free()
    if free is not None and row.starts_on < free:
        raise DomainError(_("Closed months rest on this version, so it stays."))


def check_target(row: Target) -> None:
    """Right in itself, and counted by a calendar there is. Raises DomainError beside the field."""
    hours = hours_on(row.calendar, row.starts_on)
    if hours is None:
        raise DomainError(_("There is no calendar “%(name)s”.") % {"name": row.calendar}, "calendar")
    if row.offering and row.offering.service_id != row.service_id:
        raise DomainError(_("This offering is of another service."), "offering")
    for name in (f"{measure}_{number}" for measure in OF_TICKETS for number in PRIORITIES):
        said = " ".join(getattr(row, name).split())
        setattr(row, name, said)
        if said:
            try:
                seconds_of(said, hours)
            except DomainError as error:
                raise DomainError(str(error), name) from None
    _check_days(row, Target.objects.filter(service=row.service_id, offering=row.offering_id))


def hours_on(name: str, on: date) -> Hours | None:
    """The hours of a calendar on a day; those of its first version before that."""
    rows = Calendar.objects.filter(name=name).order_by("starts_on")
    found = rows.filter(starts_on__lte=on).last() or rows.first()
    return found.hours if found else None


def days_of(year: int) -> str:
    """The days of a year on which the office is closed, as a calendar writes them, for somebody to confirm."""
    closed = office.closed_days(date(year, 1, 1), date(year, 12, 31))
    return "\n".join(f"{one.day} closed {one.name}" for one in closed)


def unconfirmed() -> str:
    """Of which calendars nobody has confirmed this year's holidays, as a sentence; "" where all are."""
    year = office.today().year
    rows = Calendar.objects.exclude(days="").order_by("starts_on")
    known = {row.name: row.known_to for row in rows}
    names = ", ".join(sorted(name for name, last in known.items() if last < year))
    words = _("The holidays of %(year)s are not confirmed in: %(names)s. Enter a new version.")
    return words % {"year": year, "names": names} if names else ""


def begun_as(model: type[Calendar | Target], row: Calendar | Target | None) -> Calendar | Target:
    """An unsaved version: as the one before, a calendar with the holidays of the year that comes next; or a new one."""
    today, free = office.today(), first_free()
    first = free or today.replace(day=1)
    if row is None and model is Target:
        return Target(starts_on=first)
    if row is None:
        zone = office.current_office().time_zone
        return Calendar(zone=zone, week=WORKING_WEEK, starts_on=first, days=days_of(today.year))
    row.pk, row.version, row.starts_on = None, 1, max(today, first)
    if isinstance(row, Calendar) and row.days:
        year = max(row.known_to + 1, today.year)
        row.starts_on = max(date(year, 1, 1), first)
        row.days = "\n".join((row.days, days_of(year)))
    return row


CALENDARS = Keeping(Calendar, _l("a version of a calendar"), check_calendar, check_drop=check_drop_calendar)
TARGETS = Keeping(Target, _l("a target"), check_target, check_drop=_refuse_drop)
