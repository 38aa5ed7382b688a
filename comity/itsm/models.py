"""How we are connected with ServiceNow, how far each of its tables was read, and each row as it was last seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.core.errors import DomainError
from comity.jobs.views import in_words
from comity.people import sealing

PURPOSE = "comity.itsm.secret"
MUCH, TOO_MUCH = timedelta(minutes=5), timedelta(minutes=30)  # by which its clock may be off: said, refused


def clock_words(off: timedelta) -> str:
    """By how much ServiceNow's clock is off, in a sentence."""
    if abs(off) <= MUCH:
        return _now("ServiceNow’s clock goes as ours does.")
    words = _now("ServiceNow’s clock and ours are %(time)s apart.")
    return words % {"time": in_words(timedelta(minutes=round(abs(off).total_seconds() / 60)))}


class Connection(models.Model):
    """The one instance we read.

    clock_off   seconds by which its clock is ahead of ours, when it was last asked
    not_before  until when it wants to be left alone
    said        what the last sync came to, in a sentence; `problem` why it did not come to its end
    """

    class Auth(models.TextChoices):
        OAUTH = "oauth", _("OAuth client credentials")
        BASIC = "basic", _("User name and password")

    url = models.CharField(_("address"), max_length=200)
    auth = models.CharField(_("sign-in"), max_length=10, choices=Auth.choices, default=Auth.OAUTH)
    client = models.CharField(_("client id or user name"), max_length=100)
    secret_sealed = models.TextField(blank=True, editable=False)
    active = models.BooleanField(_("sync every 15 minutes"), default=True)
    clock_off = models.IntegerField(null=True, editable=False)
    not_before = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    said = models.TextField(blank=True, editable=False)
    problem = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection with ServiceNow")

    def __str__(self) -> str:
        return "ServiceNow"

    def get_absolute_url(self) -> str:
        return reverse("itsm:connection")

    @property
    def clock(self) -> str:
        return "" if self.clock_off is None else clock_words(timedelta(seconds=self.clock_off))

    @property
    def secret(self) -> str:
        """From the environment, else as it was sealed. Raises DomainError for one sealed with another key."""
        if settings.SERVICENOW_SECRET or not self.secret_sealed:
            return str(settings.SERVICENOW_SECRET)
        try:
            return sealing.keys(PURPOSE).decrypt(self.secret_sealed).decode()
        except InvalidToken:
            words = _now("The secret was sealed with another secret key. Enter it again.")
            raise DomainError(words) from None


class Feed(models.Model):
    """One table of theirs, and how far it was read.

    mark        the largest stamp seen when a pass was last complete: the next begins five minutes before it
    at, at_id   where a pass stands that is not complete, else ""; `again` the least stamp at which it was taken up again
    sweep       counts the passes over all rows; while one is `sweeping`, rows not seen in it are not yet known to be gone
    total       how many rows it had when it was last counted; None if that was not told
    last        of the last sync: {"read", "new", "changed", "gone", "aside"}
    read_at     when it was last read to its end
    """

    name = models.CharField(max_length=40, unique=True)
    mark = models.CharField(max_length=19, blank=True)
    at = models.CharField(max_length=19, blank=True)
    at_id = models.CharField(max_length=32, blank=True)
    again = models.CharField(max_length=19, blank=True)
    sweep = models.PositiveIntegerField(default=0)
    sweeping = models.BooleanField(default=False)
    total = models.PositiveIntegerField(null=True)
    last: Any = models.JSONField(default=dict)
    read_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]


class Seen(models.Model):
    """A row of theirs as it was last seen; with the same stamp and count it is not looked at again.

    parent   the sys_id of the row it belongs to: the item of a task, the ticket of a service level
    data     what is kept of a row that no other room keeps: a step, a clock
    problem  why it was set aside; "" if it was not
    """

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="rows", db_index=False)
    sys_id = models.CharField(max_length=32)
    stamp = models.CharField(max_length=19)
    mod_count = models.PositiveIntegerField()
    sweep = models.PositiveIntegerField(default=0)
    parent = models.CharField(max_length=32, blank=True)
    data: Any = models.JSONField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="seen_once", fields=["feed", "sys_id"])]
        indexes = [
            models.Index(name="seen_parent", fields=["parent"], condition=~models.Q(parent="")),
            models.Index(name="seen_problem", fields=["problem"], condition=~models.Q(problem="")),
        ]
