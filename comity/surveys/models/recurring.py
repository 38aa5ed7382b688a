"""What is asked again and again by itself: every year, every quarter, or after each visit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.surveys.models.mode import Mode
from comity.surveys.models.survey import Survey

if TYPE_CHECKING:
    from comity.people.models import User


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, user: User) -> SeriesQuerySet:
        """What the office asks by itself is the office's business."""
        return self if user.is_office else self.none()

    def standing(self) -> SeriesQuerySet:
        """Those that go on."""
        return self.filter(stopped_at=None)


class Series(models.Model):
    """One survey, asked in wave after wave without anybody having to think of it.

    audience  as of a wave; with cadence `visit` it narrows down whom of those who were there is asked
    next_on   the day the next wave opens; none with cadence `visit`, whose waves open with the first visit of a quarter
    day       the day of the month that was meant: what begins on the 31st comes back to it after a shorter month
    """

    class Cadence(models.TextChoices):
        ANNUAL = "annual", _("Every year")
        QUARTERLY = "quarterly", _("Every quarter")
        VISIT = "visit", _("After each visit")

    key = models.SlugField(_("key"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=200)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="series")
    cadence = models.CharField(_("when"), max_length=10, choices=Cadence.choices)
    mode = models.CharField(_("anonymity"), max_length=15, choices=Mode.choices, default=Mode.NAMED)
    audience: Any = models.JSONField(default=dict, blank=True)
    days_open = models.PositiveSmallIntegerField(_("days to answer"), default=21)
    remind_after_days: Any = models.JSONField(_("remind after (days)"), default=list, blank=True)
    next_on = models.DateField(_("next wave"), null=True, blank=True)
    day = models.PositiveSmallIntegerField(null=True, editable=False)
    note = models.CharField(max_length=300, blank=True, editable=False)  # why the last one could not open
    stopped_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey("people.User", models.PROTECT, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "series"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("surveys:series", args=[self.pk])
