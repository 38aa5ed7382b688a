"""Who in the office looks after a partner."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import (
    Case,
    Count,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from comity.core.load import HEADCOUNT_STEPS, POPULATION_STEPS, Load
from comity.partners.models.partner import Partner, PartnerQuerySet
from comity.people.models import User


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User) -> AssignmentQuerySet:
        if user.is_office:  # the same, in a join instead of a list of all partners
            return self.filter(partner__arriving=False)
        return self.filter(partner__in=Partner.objects.visible_to(user))

    def on(self, day: date) -> AssignmentQuerySet:
        """Assignments in force on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def not_over(self, day: date) -> AssignmentQuerySet:
        """Assignments that hold on a day or begin later."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day)).exclude(ends_on=F("starts_on"))

    def over(self, day: date) -> AssignmentQuerySet:
        """Assignments that held once and ended by a day, latest first."""
        return self.filter(ends_on__lte=day, ends_on__gt=F("starts_on")).order_by("-ends_on", "-pk")

    def leads(self) -> AssignmentQuerySet:
        """Assignments of lead contacts."""
        return self.filter(role=Assignment.Role.LEAD)

    def of_served(self) -> AssignmentQuerySet:
        """Those of partners the office serves today."""
        return self.filter(partner__status=Partner.Status.ACTIVE, partner__merged_into=None)


def with_lead(partners: PartnerQuerySet, today: date) -> PartnerQuerySet:
    """Each with `lead_id` and `lead_name` of its lead contact on a day; None for both where there is none."""
    lead = Assignment.objects.leads().on(today).filter(partner=OuterRef("pk"))
    return partners.annotate(
        lead_id=Subquery(lead.values("user")[:1]), lead_name=Subquery(lead.values("user__name")[:1])
    )


def load_by_contact(partners: PartnerQuerySet, today: date) -> dict[int | None, Load]:
    """What each lead contact of those the office serves among these looks after today, without follow-ups.

    Under None those that nobody leads. The weight by size is that of core.load, counted by the database in one query.
    """
    on_the_day = Q(assignments__ends_on=None) | Q(assignments__ends_on__gt=today)
    leads = on_the_day & Q(assignments__role=Assignment.Role.LEAD, assignments__starts_on__lte=today)
    led = partners.served().order_by().annotate(lead=FilteredRelation("assignments", condition=leads))
    rows = led.values_list("lead__user").annotate(count=Count("pk"), weight=Sum(_size_weight()))
    return {contact: Load(partners=count, weight=weight) for contact, count, weight in rows}


def _size_weight() -> Combinable:
    """core.load.size_weight of a partner, in SQL."""
    return Case(
        *(
            When(Q(headcount__gte=headcount) | Q(population__gte=population), then=Value(weight))
            for weight, (headcount, population) in reversed(
                list(enumerate(zip(HEADCOUNT_STEPS, POPULATION_STEPS, strict=True), start=2))
            )
        ),
        default=Value(1),
        output_field=IntegerField(),
    )


class Contact(User):
    """Somebody of the office, as who looks after partners or could."""

    class Meta:
        proxy = True


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
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    reason_ended = models.TextField(blank=True)
    # Since when nobody had led, where this closed a gap; so one that never held leaves the gap as it was.
    gap_since = models.DateField(null=True, editable=False)

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
