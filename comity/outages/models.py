"""Outages and planned maintenance: what is down, since when, and whom it hits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.applications.models import Item
from comity.editing.declared import always, perhaps
from comity.partners.models import Partner
from comity.people.models import User
from comity.services.models import Service

# Planned maintenance is announced by so much before it begins; told later, it counts as an outage.
LEAD = timedelta(days=3)
TOO_EARLY = _("It cannot end before it began.")
RECENT = timedelta(days=30)  # what ended within these days stands on the page of the status


class OutageQuerySet(models.QuerySet["Outage"]):
    def visible_to(self, user: User) -> OutageQuerySet:
        """The office all; a partner's user those that hit a partner it sees."""
        if user.is_office:
            return self
        return self.hitting(Partner.objects.visible_to(user))

    def hitting(self, partners: Any) -> OutageQuerySet:
        """Those that hit one of some partners."""
        hit = Outage.partners.through.objects.filter(partner__in=partners)
        return self.filter(pk__in=hit.values("outage"))

    def counted(self) -> OutageQuerySet:
        """Those that were not called off or recorded by mistake."""
        return self.filter(withdrawn_at=None)

    def now(self, at: datetime) -> OutageQuerySet:
        """Those under way at a moment."""
        return self.counted().filter(Q(ended_at=None) | Q(ended_at__gt=at), began_at__lte=at)

    def to_come(self, at: datetime) -> OutageQuerySet:
        return self.counted().filter(began_at__gt=at).order_by("began_at", "pk")

    def recent(self, at: datetime) -> OutageQuerySet:
        """Those that ended lately, the last one first."""
        return self.counted().filter(ended_at__gt=at - RECENT, ended_at__lte=at).order_by("-ended_at", "-pk")

    def excused(self) -> OutageQuerySet:
        """Planned, and announced with its lead time: these do not count against availability."""
        return self.counted().filter(planned=True, announced_at__lte=F("began_at") - LEAD)


class Outage(models.Model):
    """Something is down, or will be for maintenance.

    began_at  since when; of planned maintenance, from when
    ends_at   until when, as far as one knows
    ended_at  it is over since; None while it is not
    updates   what was told since: [{"at": "2026-...", "text": "...", "by": "..."}], oldest first
    """

    what = models.CharField(_("what is down"), max_length=200)
    service = perhaps(Service, _("service"), related_name="outages")
    item = models.ForeignKey(
        Item, models.SET_NULL, null=True, blank=True, related_name="outages", verbose_name=_("item")
    )
    partners = models.ManyToManyField(
        Partner, related_name="outages", blank=True, verbose_name=_("whom it hits")
    )
    planned = models.BooleanField(_("planned maintenance"), default=False)
    began_at = models.DateTimeField(_("since when"))
    ends_at = models.DateTimeField(_("expected until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("over since"), null=True, blank=True)
    announced_at = models.DateTimeField(editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    updates: Any = models.JSONField(default=list, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OutageQuerySet.as_manager()

    class Meta:
        verbose_name = _("outage")
        ordering = ["-began_at", "-pk"]
        constraints = [
            always("outage_ends_after_it_began", Q(ended_at=None) | Q(ended_at__gte=F("began_at")), TOO_EARLY)
        ]
        indexes = [models.Index(fields=["service", "began_at"])]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("outages:outage", args=[self.pk])
