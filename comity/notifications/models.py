"""Notice in the product, and how each person wants to hear of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from comity.people.models import User


class Mail(models.TextChoices):
    """How notice of a kind leaves the product."""

    AT_ONCE = "at_once", _("By email, right away")
    DIGEST = "digest", _("In the daily summary")
    NEVER = "never", _("In Comity only")
    OFF = "off", _("Not at all")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> NoticeQuerySet:
        """One's own only."""
        return self.filter(user=user)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)

    def unread_first(self) -> NoticeQuerySet:
        """What waits, then what was read; newest first in each."""
        return self.order_by(F("read_at").desc(nulls_first=True), "-pk")

    def waiting_for_digest(self) -> NoticeQuerySet:
        """Not mailed yet and not read meanwhile, of people who may still sign in; by person, oldest first."""
        return (
            self.filter(mail=Mail.DIGEST, mailed_at=None, read_at=None, user__is_active=True)
            .select_related("user")
            .order_by("user", "pk")
        )


class Notice(models.Model):
    """One thing one person should know."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=50)  # registered by the room that gives notice
    text = models.CharField(max_length=500)  # in the language of the person
    url = models.CharField(max_length=300, blank=True)  # a path of this site
    # Whose rows are asked again when shown or mailed.
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    mail = models.CharField(max_length=10, choices=Mail.choices, default=Mail.DIGEST)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)  # when it went to the outbox, at once or in a summary

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "read_at", "-id"]),
            models.Index(fields=["mail", "mailed_at", "user"]),
            models.Index(fields=["created_at"]),
        ]

    def __str__(self) -> str:
        return self.text


class Preference(models.Model):
    """How one person wants to hear of one kind of notice; absent means the kind's default."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=50)
    mail = models.CharField(max_length=10, choices=Mail.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="preference_said_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.get_mail_display()}"
