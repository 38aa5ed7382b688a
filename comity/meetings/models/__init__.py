"""Meetings that took place, visits that are planned, and who goes on them for which part of the office."""

from comity.meetings.models.meeting import PROMISE, Meeting, MeetingQuerySet

__all__ = ["PROMISE", "Meeting", "MeetingQuerySet"]
