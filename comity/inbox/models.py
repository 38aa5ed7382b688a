"""Mail that was sent to a partner's own address: filed on its line of time, or waiting for a person."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.followups.models import FollowUp
from comity.partners.models import Partner, Person
from comity.search import matching


class Renewal(models.Model):
    """How often a partner was given another address: the address itself follows from it (`addresses`).

    It is no foreign key, so that the address of a body that was merged stays its own, and goes on leading to the survivor.
    """

    partner_key = models.BigIntegerField(primary_key=True)
    counter = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.partner_key}: {self.counter}"


class ReceivedQuerySet(OfficeQuerySet["Received"]):
    """What is written to the office is the office's; what comes of it, its partner follows as a follow-up."""

    def waiting(self) -> ReceivedQuerySet:
        """Those a person has to look at, because nobody vouches for who sent them."""
        return self.filter(state=Received.State.WAITS)

    def filed(self) -> ReceivedQuerySet:
        """Those that stand on the partner's line of time."""
        return self.filter(state=Received.State.FILED)

    def search(self, text: str) -> ReceivedQuerySet:
        """Those whose subject, sender or text hold all the words of the text."""
        found: ReceivedQuerySet = matching(self, text)
        return found


class Received(models.Model):
    """One mail. It is taken once, by the hash of its Message-ID.

    person, user  who sent it, where that is somebody we know
    why_waits     why a person has to look at it, in words
    not_kept      the files that came with it and were not kept, each with the reason
    """

    class State(models.TextChoices):
        FILED = "filed", _("Filed")
        WAITS = "waits", _("Waits for you")
        DISCARDED = "discarded", _("Discarded")

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="mail_received")
    message_hash = models.CharField(max_length=64, unique=True, editable=False)
    sender = models.CharField(_("from"), max_length=254)
    sender_name = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="mail_sent")
    user = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(blank=True)
    sent_at = models.DateTimeField(_("sent"))
    taken_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    why_waits = models.CharField(max_length=300, blank=True)
    not_kept = models.TextField(blank=True)
    follow_up = models.ForeignKey(FollowUp, models.SET_NULL, null=True, related_name="mail")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReceivedQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail received")
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["partner", "state", "-sent_at"]),
            models.Index(fields=["state", "-sent_at"]),
        ]

    def __str__(self) -> str:
        return self.subject or str(_("without a subject"))

    def get_absolute_url(self) -> str:
        return reverse("inbox:mail", args=[self.pk])

    @property
    def waits(self) -> bool:
        return self.state == self.State.WAITS
