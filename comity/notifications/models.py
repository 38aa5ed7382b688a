"""Notice in the product, and how each person wants to hear of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from comity.people.models import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> NoticeQuerySet:
        """One's own only."""
        return self.filter(user=user)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One thing one person should know."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=50)  # registered by the room that gives notice
    text = models.CharField(max_length=500)
    url = models.CharField(max_length=300, blank=True)
    about_kind = models.CharField(
        max_length=60, blank=True
    )  # whose visibility is asked again when shown or mailed
    about_id = models.BigIntegerField(null=True)
    addressed = models.BooleanField(default=False)  # meant for this very person: mailed at once by default
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    digested_at = models.DateTimeField(null=True)  # when it went out by mail, at once or in a digest

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "read_at", "-id"]),
            models.Index(fields=["digested_at", "user"]),
        ]

    def __str__(self) -> str:
        return self.text


class Preference(models.Model):
    """How one person wants to hear of one kind of notice; absent means the kind's default."""

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", _("Mail at once")
        DIGEST = "digest", _("In the daily summary")
        NEVER = "never", _("In Comity only")
        OFF = "off", _("Not at all")

    user = models.ForeignKey("people.User", models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=50)
    mail = models.CharField(max_length=10, choices=Mail.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="preference_said_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.get_mail_display()}"
