"""That a follow-up was brought to someone's attention."""

from __future__ import annotations

from django.db import models

from comity.followups.models.follow_up import FollowUp


class Escalation(models.Model):
    """Once per reason, person and round (how often it had been reopened)."""

    class Reason(models.TextChoices):
        UNOWNED = "unowned"
        LATE = "late"
        LATE_CIO = "late_cio"

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="escalations")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    to = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "reason", "to", "round"], name="escalated_once")
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.follow_up_id} → {self.to_id}"
