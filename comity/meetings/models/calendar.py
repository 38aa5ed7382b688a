"""What ties Comity to calendars elsewhere: the link by which one reads ours, and the events of theirs that came in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from comity.meetings.models.meeting import Meeting
from comity.meetings.models.planned_visit import PlannedVisit


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def live(self) -> CalendarFeedQuerySet:
        """Those of people who may sign in."""
        return self.filter(user__is_active=True)


class CalendarFeed(models.Model):
    """One person's link; a new one takes the place of the old. Only a hash of its token is kept."""

    user = models.OneToOneField("people.User", models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    objects = CalendarFeedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Calendar of {self.user}"


class CalendarEvent(models.Model):
    """An event of somebody's calendar that was imported, by which it is met again whoever brings it.

    key    of its UID and of which time of it is meant, where it repeats
    facts  as the file last said them; what was changed in Comity since stays until the file says something new
    """

    key = models.CharField(max_length=64, unique=True)
    facts = models.JSONField()
    meeting = models.OneToOneField(Meeting, models.CASCADE, null=True, related_name="calendar_event")
    visit = models.OneToOneField(PlannedVisit, models.CASCADE, null=True, related_name="calendar_event")
    import_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="calendar_event_became_one_thing",
                condition=Q(meeting=None, visit__isnull=False) | Q(meeting__isnull=False, visit=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.facts.get("title") or self.facts.get("on"))

    @property
    def became(self) -> Meeting | PlannedVisit:
        """What it is in Comity."""
        found = self.meeting or self.visit
        assert found is not None
        return found
