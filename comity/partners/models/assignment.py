"""Who in the office looks after a partner."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comity.partners.models.partner import Partner

if TYPE_CHECKING:
    from comity.people.models import User


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User) -> AssignmentQuerySet:
        return self.filter(partner__in=Partner.objects.visible_to(user))

    def on(self, day: date) -> AssignmentQuerySet:
        """Assignments in force on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def leads(self) -> AssignmentQuerySet:
        return self.filter(role=Assignment.Role.LEAD)


class Assignment(models.Model):
    """Someone in the office looks after a partner, as lead, backup, embedded IT director or liaison.

    `ends_on` is the first day it no longer holds. At most one lead at a time; the day it ends without a
    successor is the partner's `lead_gap_since`.
    """

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead contact")
        BACKUP = "backup", _("Backup")
        EMBEDDED = "embedded", _("Embedded IT director")
        LIAISON = "liaison", _("Liaison")

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="assignments")
    user = models.ForeignKey("people.User", models.PROTECT, related_name="assignments")
    role = models.CharField(_("as"), max_length=10, choices=Role.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    reason_ended = models.TextField(blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["partner", "role", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"],
                condition=Q(role="lead", ends_on=None),
                name="one_lead_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["partner", "user", "role"],
                condition=Q(ends_on=None),
                name="assigned_once_at_a_time",
            ),
            models.CheckConstraint(
                name="assignment_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [models.Index(fields=["user", "role", "ends_on"])]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} of {self.partner}"
