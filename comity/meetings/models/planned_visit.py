"""Visits that are planned: to whom, when, about what, who of us goes, and who stands for which part of the office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.followups.models import FollowUp
from comity.meetings.models.meeting import Meeting, first_partner_of, kind_or_how
from comity.partners.models import Partner, Person

if TYPE_CHECKING:
    from comity.people.models import User


class Function(models.TextChoices):
    """The parts of the office that a visit may need."""

    SERVICES = "services", _("Services")
    RISK = "risk", _("Risk")
    SOLUTIONS = "solutions", _("Solutions")
    PROCUREMENT = "procurement", _("Procurement")
    CUSTOMER = "customer", _("Customer relations")


class OfficerQuerySet(OfficeQuerySet["Officer"]):
    """The office knows its own."""

    def at_work(self) -> OfficerQuerySet:
        """Those who can go: who have not left."""
        return self.filter(user__is_active=True)


class Officer(models.Model):
    """One person named for one function; at most one each."""

    function = models.CharField(_("for"), max_length=15, choices=Function.choices, unique=True)
    user = models.ForeignKey("people.User", models.PROTECT, related_name="offices")

    objects = OfficerQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.get_function_display()}: {self.user}"


class PlannedVisitQuerySet(OfficeQuerySet["PlannedVisit"]):
    """Whom the office means to visit, and why, is the office's business until it has."""

    def planned(self) -> PlannedVisitQuerySet:
        """Neither held nor called off."""
        return self.filter(state=PlannedVisit.State.PLANNED)

    def led_by(self, user: User) -> PlannedVisitQuerySet:
        """Those to come that this person leads."""
        return self.planned().filter(lead=user)

    def with_us(self, user: User) -> PlannedVisitQuerySet:
        """Those this person leads or goes on."""
        going = Going.objects.filter(plan=OuterRef("pk"), user=user)
        return self.filter(Q(lead=user) | Exists(going))

    def to_partner(self, partner: Partner) -> PlannedVisitQuerySet:
        """Those on which this partner is visited."""
        return self.filter(partners=partner)

    def about(self, follow_up_ids: Iterable[int]) -> PlannedVisitQuerySet:
        """Those made because of some follow-ups."""
        there = PlannedVisit.follow_ups.through.objects.filter(
            plannedvisit=OuterRef("pk"), followup__in=list(follow_up_ids)
        )
        return self.filter(Exists(there))

    def with_partner_names(self) -> PlannedVisitQuerySet:
        """With `partner_name`, the first by name, and `partner_count`, in the same query."""
        return self.annotate(**first_partner_of("planned_visits"))


class PlannedVisit(models.Model):
    """A visit somebody means to make. What came of it is a `Meeting`; a plan that was held points at its own.

    planned_on, planned_at  the day and the time of day, by the office's clock
    lead                    who answers for its taking place
    why                     what is to be said or heard there
    follow_ups              what it is about: its agenda
    travel                  how one gets there
    in_series, after        whether the next is proposed once it was held; the visit of its series before it
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Took place")
        CALLED_OFF = "called_off", _("Called off")

    How, Kind = Meeting.How, Meeting.Kind

    partners = models.ManyToManyField(Partner, related_name="planned_visits", verbose_name=_("with"))
    kind = models.CharField(
        _("kind"), max_length=15, choices=Meeting.Kind.choices, default=Meeting.Kind.VISIT
    )
    title = models.CharField(_("what it is about"), max_length=200, blank=True)
    how = models.CharField(
        _("how"), max_length=10, choices=Meeting.How.choices, default=Meeting.How.IN_PERSON
    )
    planned_on = models.DateField(_("when"))
    planned_at = models.TimeField(_("time"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=200, blank=True)
    travel = models.CharField(_("travel note"), max_length=300, blank=True)
    why = models.TextField(_("what we want to say or ask"), blank=True)
    in_series = models.BooleanField(_("part of a series"), default=False)
    after = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="next"
    )
    lead = models.ForeignKey(
        "people.User", models.PROTECT, related_name="visits_led", verbose_name=_("led by")
    )
    ours = models.ManyToManyField("people.User", through="Going", related_name="planned_visits")
    theirs = models.ManyToManyField(
        Person, blank=True, related_name="planned_visits", verbose_name=_("who to meet")
    )
    invite_theirs = models.BooleanField(_("invite them by email"), default=False)
    follow_ups = models.ManyToManyField(FollowUp, blank=True, related_name="planned_visits")
    state = models.CharField(
        _("where it stands"), max_length=10, choices=State.choices, default=State.PLANNED, editable=False
    )
    called_off_reason = models.TextField(blank=True, editable=False)
    meeting = models.OneToOneField(
        Meeting, models.CASCADE, null=True, editable=False, related_name="planned_visit"
    )
    planned_by = models.ForeignKey("people.User", models.PROTECT, related_name="+", editable=False)
    written_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PlannedVisitQuerySet.as_manager()

    class Meta:
        ordering = ["planned_on", "pk"]
        indexes = [
            models.Index(name="plan_to_come", fields=["planned_on", "id"], condition=Q(state="planned")),
            models.Index(fields=["state", "planned_on", "id"]),
            models.Index(fields=["lead", "state", "planned_on"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="plan_held_has_its_meeting",
                condition=Q(state="held", meeting__isnull=False) | (~Q(state="held") & Q(meeting=None)),
            ),
            models.CheckConstraint(
                name="plan_called_off_for_a_reason",
                condition=~Q(state="called_off") | ~Q(called_off_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title or kind_or_how(self)

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    def has_passed(self, today: date) -> bool:
        """Its day has come and gone, and nobody has said what became of it."""
        return self.is_planned and self.planned_on < today

    def get_absolute_url(self) -> str:
        return reverse("meetings:planned_visit", args=[self.pk])


class Going(models.Model):
    """One of ours on a planned visit, and for which part of the office, if for one."""

    plan = models.ForeignKey(PlannedVisit, models.CASCADE, related_name="going")
    user = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    function = models.CharField(max_length=15, choices=Function.choices, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "user"], name="goes_once_on_a_visit")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_function_display()})" if self.function else str(self.user)
