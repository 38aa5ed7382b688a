"""Mail that leaves, kept in the database until it has left."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.access import Viewer
from comity.outbox.capabilities import VIEW_OUTBOX
from comity.search import matching


def mail_leaves() -> bool:
    """Whether mail goes to a mail server at all; without one, and in a demo, it stays to be read here."""
    return settings.MAIL_LEAVES and not settings.DEMO


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Viewer) -> MessageQuerySet:
        return self if user.can(VIEW_OUTBOX) else self.none()

    def search(self, text: str) -> MessageQuerySet:
        """Mail by its address, name or subject."""
        return matching(self, text)

    def about(self, row: models.Model) -> MessageQuerySet:
        """Mail about one row, the first first, without its words: for the pages of those who may see the row."""
        found = self.filter(about_kind=row._meta.label, about_id=str(row.pk))
        return found.defer("text", "html").order_by("pk")

    def due(self, now: datetime) -> MessageQuerySet:
        """Mail whose time to be sent has come, the longest due first."""
        return self.filter(state=Message.State.WAITING, send_after__lte=now).order_by("send_after", "pk")

    def dead(self) -> MessageQuerySet:
        """Mail that will not arrive unless someone does something."""
        return self.filter(state=Message.State.DEAD)


class Message(models.Model):
    """One mail to one address."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        KEPT = "kept", _("Kept here (no mail server)")
        HELD = "held", _("Blocked")
        DEAD = "dead", _("Not delivered")
        GIVEN_UP = "given_up", _("Canceled")
        TAKEN_BACK = "taken_back", _("Taken back before it left")

    key = models.CharField(max_length=200, unique=True, null=True)  # noqa: DJ001  # the same key is put once only
    kind = models.CharField(max_length=50)  # what the mail is about; "stop sending me this" is per kind
    to = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True)  # what its reader's calendar takes in with it (iCalendar)
    language = models.CharField(max_length=5, default="en")
    # The object it is about, for the pages that list it.
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    wipe_after_sending = models.BooleanField(default=False)  # it carries a link that is its reader's alone
    wiped_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, unique=True)  # fixed, so that a repeat can be recognised
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # How often it may have been sent once more, after a crash.
    repeats = models.PositiveSmallIntegerField(default=0)
    send_after = models.DateTimeField()
    worker = models.CharField(max_length=120, blank=True)  # who is sending it
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "send_after"]),
            models.Index(fields=["kind", "-id"]),
            models.Index(fields=["about_kind", "about_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"

    def get_absolute_url(self) -> str:
        return reverse("outbox:message", args=[self.pk])

    @property
    def is_readable(self) -> bool:
        """Whether staff may read the words: not where a link in them is its reader's alone and will reach them."""
        return self.wiped_at is None and not (self.wipe_after_sending and mail_leaves())


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def visible_to(self, user: Viewer) -> SuppressionQuerySet:
        return self if user.can(VIEW_OUTBOX) else self.none()

    def search(self, text: str) -> SuppressionQuerySet:
        """Those of an address, or made for what a server said."""
        return self.filter(Q(address__icontains=text) | Q(detail__icontains=text))

    def against(self, address: str, kind: str) -> SuppressionQuerySet:
        """What stops mail of a kind to an address."""
        return self.filter(Q(kind="") | Q(kind=kind), address=address.lower())


class Suppression(models.Model):
    """An address (in small letters) that gets no mail of a kind ("" for any): it bounced, or its owner said stop."""

    class Reason(models.TextChoices):
        BOUNCED = "bounced", _("Bounced")
        OPTED_OUT = "opted_out", _("Asked us to stop")
        BY_HAND = "by_hand", _("Stopped by the office")

    address = models.EmailField()
    kind = models.CharField(max_length=50, blank=True)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    detail = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["address", "kind"], name="suppressed_once")]

    def __str__(self) -> str:
        return f"{self.address}: {self.get_reason_display()}"


class MailServer(models.Model):
    """How the mail server was when the worker last turned to it (always row 1)."""

    tried_at = models.DateTimeField()
    down_since = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"down since {self.down_since}" if self.down_since else "up"


class FaultQuerySet(models.QuerySet["Fault"]):
    def lately(self, since: datetime) -> FaultQuerySet:
        """Those for which mail was refused since a moment."""
        return self.filter(last_at__gte=since).order_by("-last_at")


class Fault(models.Model):
    """Why mail servers do not take mail of ours, whoever it is for: one row for each cause there has been."""

    class Cause(models.TextChoices):
        LIST = "list", _("Our mail server is on a list of blocked senders")
        PROOF = "proof", _("Our mail lacks a proof that it is ours (SPF, DKIM, DMARC or reverse DNS)")
        RELAY = "relay", _("The mail server does not pass our email on")
        SENDER = "sender", _("Our sender address is refused")
        POLICY = "policy", _("Our email is refused by policy or taken for spam")

    cause = models.CharField(max_length=10, choices=Cause.choices, unique=True)
    since = models.DateTimeField()  # this time; it may have been away before
    last_at = models.DateTimeField()
    words = models.TextField(blank=True)  # what a server said last

    objects = FaultQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.get_cause_display())
