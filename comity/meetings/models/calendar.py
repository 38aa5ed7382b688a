"""The link by which somebody's own calendar program reads what they go to and what they owe."""

from __future__ import annotations

from django.db import models


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
