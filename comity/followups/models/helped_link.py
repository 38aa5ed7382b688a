"""The link on which whoever raised a follow-up says whether it helped."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from comity.followups.models.follow_up import FollowUp
from comity.followups.models.states import State

OPEN_FOR = timedelta(days=60)
MAY_CHANGE_FOR = timedelta(days=7)


class HelpedLinkQuerySet(models.QuerySet["HelpedLink"]):
    def usable(self, now: datetime) -> HelpedLinkQuerySet:
        """Not expired, of the present round, and not answered so long ago that the answer stands."""
        return self.filter(
            Q(answered_at=None) | Q(answered_at__gt=now - MAY_CHANGE_FOR),
            expires_at__gt=now,
            round=F("follow_up__reopened"),
            follow_up__state=State.TOLD,
        )


class HelpedLink(models.Model):
    """Works without signing in. Only a hash of its token is kept."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="helped_links")
    round = models.PositiveSmallIntegerField(default=0)
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="en")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    objects = HelpedLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Helped? {self.follow_up_id}"
