"""Meetings that took place, visits that are planned, and who goes on them for which part of the office."""

from comity.meetings.models.calendar import CalendarEvent, CalendarFeed
from comity.meetings.models.meeting import (
    PROMISE,
    PROMISES,
    THEIR_PROMISE,
    Meeting,
    MeetingQuerySet,
    with_whom,
)
from comity.meetings.models.planned_visit import Function, Going, Officer, PlannedVisit
