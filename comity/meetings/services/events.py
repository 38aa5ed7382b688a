"""Visits and follow-ups as events of iCalendar (RFC 5545), the same in a person's feed and in an invitation.

An event keeps its UID for good, and its SEQUENCE only grows. Moments are written in UTC, which every calendar turns into its
reader's zone; a day without a time is a whole day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from comity.meetings.models import Meeting, PlannedVisit
from comity.office import services as office

LASTS = timedelta(hours=1)  # a visit says when it begins, and not when it ends


def host() -> str:
    """What the UIDs of our own events end with."""
    return urlsplit(settings.ADDRESS).hostname or "comity"


def uid_of(row: PlannedVisit | Meeting) -> str:
    """A visit is one event from the day it is planned on: written down, it keeps its UID."""
    if isinstance(row, PlannedVisit):
        return f"visit-{row.pk}@{host()}"
    plan = getattr(row, "planned_visit", None)
    return uid_of(plan) if plan else f"meeting-{row.pk}@{host()}"


def calendar(events: Iterable[Event], **said: str) -> Calendar:
    """A calendar of some events, and what it says besides."""
    made = Calendar()
    made.add("prodid", f"-//Comity//{host()}//{(get_language() or 'en').upper()}")
    made.add("version", "2.0")
    for name, value in said.items():
        made.add(name.replace("_", "-"), value)
    for event in events:
        made.add_component(event)
    return made


def event(
    uid: str,
    summary: str,
    on: date,
    at: time | None = None,
    *,
    changed_at: datetime,
    sequence: int,
    **said: str,
) -> Event:
    """One event: a whole day, or an hour that begins at a time of the office's clock. What is empty is not said."""
    made = Event()
    made.add("uid", uid)
    made.add("dtstamp", changed_at.astimezone(UTC).replace(microsecond=0))
    made.add("sequence", sequence)
    starts = on if at is None else datetime.combine(on, at, office.time_zone()).astimezone(UTC)
    made.add("dtstart", starts)
    made.add("dtend", starts + (timedelta(days=1) if at is None else LASTS))
    for name, value in {"summary": summary, **said}.items():
        if value := _printed(value):
            made.add(name, value)
    return made


def planned(plan: PlannedVisit, with_whom: str, **said: str) -> Event:
    """A visit to come, or one that was called off."""
    called_off = plan.state == PlannedVisit.State.CALLED_OFF
    return event(
        uid_of(plan),
        headed(plan, with_whom),
        plan.planned_on,
        plan.planned_at,
        changed_at=plan.changed_at,
        sequence=plan.version,
        location=plan.place,
        status="CANCELLED" if called_off else "CONFIRMED",
        transp="TRANSPARENT" if called_off else "OPAQUE",
        **said,
    )


def held(meeting: Meeting, with_whom: str, **said: str) -> Event:
    """A meeting that took place. What was said there stays in Comity."""
    plan = getattr(meeting, "planned_visit", None)
    return event(
        uid_of(meeting),
        headed(meeting, with_whom),
        meeting.held_on,
        meeting.held_at,
        changed_at=max(meeting.changed_at, plan.changed_at) if plan else meeting.changed_at,
        sequence=meeting.version + (plan.version if plan else 0),
        location=meeting.place,
        status="CONFIRMED",
        **said,
    )


def headed(row: PlannedVisit | Meeting, with_whom: str) -> str:
    """ "Department of Parks: the new map", or who and of what kind where nothing says what it is about."""
    said = {"name": with_whom, "what": row}
    return _("%(name)s: %(what)s") % said if with_whom else str(row)


def _printed(words: str) -> str:
    """Without signs that a calendar may not hold."""
    return "".join(sign for sign in words.replace("\r", "") if sign.isprintable() or sign in "\n\t")
