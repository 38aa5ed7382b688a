"""Mail that leaves, kept in the database until it has left."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One mail to one address."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DEAD = "dead", _("Could not be sent")
        HELD = "held", _("Not sent: address asked us to stop, or mail came back")

    key = models.CharField(max_length=200, unique=True, null=True)  # noqa: DJ001  # the same key is put once only
    kind = models.CharField(max_length=50)  # what the mail is about; "stop sending me this" is per kind
    to = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    language = models.CharField(max_length=5, default="en")
    about_kind = models.CharField(
        max_length=60, blank=True
    )  # the object it is about, for the pages that list it
    about_id = models.CharField(max_length=40, blank=True)
    wipe_after_sending = models.BooleanField(default=False)
    message_id = models.CharField(max_length=200, unique=True)  # fixed, so that a repeat can be recognised
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    send_after = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "send_after"]),
            models.Index(fields=["about_kind", "about_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"


class Suppression(models.Model):
    """An address that gets no mail of a kind ("" for any): it bounced, or its owner said stop."""

    class Reason(models.TextChoices):
        BOUNCED = "bounced", _("Mail came back")
        OPTED_OUT = "opted_out", _("Asked us to stop")

    address = models.EmailField()
    kind = models.CharField(max_length=50, blank=True)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    detail = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "kind"], name="suppressed_once")]

    def __str__(self) -> str:
        return f"{self.address}: {self.get_reason_display()}"
