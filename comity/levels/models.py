"""What is promised of a service, by versions that begin on a day; and what a month came to, with each ticket that missed."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.core.service_levels import Hours, Up
from comity.editing.declared import always, once, perhaps
from comity.editing.exact import ExactField
from comity.partners.models import Partner
from comity.people.models import User
from comity.services.models import Offering, OfficeRow, Service
from comity.tickets.models import Hold, Priority, Ticket
from comity.ui.components.days import month

PRIORITIES = Priority.values
RESPONSE, RESOLUTION, AVAILABILITY = "response", "resolution", "availability"
OF_TICKETS = (RESPONSE, RESOLUTION)
MEASURES = {RESPONSE: _("Response"), RESOLUTION: _("Resolution"), AVAILABILITY: _("Availability")}


class Calendar(OfficeRow):
    """A version of a calendar: it holds from its first day until another one of its name begins."""

    name = models.CharField(_("name"), max_length=60)
    starts_on = models.DateField(_("from"))
    zone = models.CharField(_("time zone"), max_length=50)
    week = models.TextField(_("opening hours"))
    days = models.TextField(_("holidays and other days"), blank=True)

    class Meta:
        verbose_name = _("calendar")
        ordering = ["name", "-starts_on"]
        constraints = [once("calendar_version_once", "name", "starts_on")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("levels:edit_calendar", args=[self.pk])

    @property
    def hours(self) -> Hours:
        """What it says. Raises DomainError for what cannot be read."""
        return Hours.read(self.zone, self.week, self.days)

    @property
    def known_to(self) -> int:
        """The last year of which it names a day."""
        return max((day.year for day in self.hours.days), default=self.starts_on.year)


def _goals(measure: str) -> Any:
    """A field for each priority."""
    words = _("{level}, priority {number}")
    names = (format_lazy(words, level=MEASURES[measure], number=number) for number in PRIORITIES)
    return (models.CharField(name, max_length=12, blank=True) for name in names)


NO_PERCENTAGE = _("Give a percentage of more than 0, up to 100.")
PERCENTAGE = [MinValueValidator(Decimal("0.001"), NO_PERCENTAGE), MaxValueValidator(100, NO_PERCENTAGE)]


def _percent(words: Any, **more: Any) -> Any:
    facts = {"decimal_places": 3, "null": True, "blank": True, "validators": PERCENTAGE, **more}
    return ExactField(words, **facts)


class Target(OfficeRow):
    """A version of what is promised of a service, or of one of its offerings: it holds until the next one begins.

    response_1 …  how long an answer and a solution may take by priority, as "30 min", "4 h", "2 days"; "" for no promise
    pauses        what a ticket on hold may wait for, so that its clock stands still
    least         percent of the tickets that have to be in time
    at_risk       percent of a month's charge; the weights are percent of it
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="targets", verbose_name=_("service"))
    offering = perhaps(Offering, _("only for the offering"))
    starts_on = models.DateField(_("from"))
    calendar = models.CharField(_("calendar"), max_length=60)
    response_1, response_2, response_3, response_4, response_5 = _goals(RESPONSE)
    resolution_1, resolution_2, resolution_3, resolution_4, resolution_5 = _goals(RESOLUTION)
    pauses: Any = models.JSONField(_("paused while on hold"), default=list, blank=True)
    anew = models.BooleanField(_("a reopened ticket begins anew, instead of going on"), default=False)
    from_change = models.BooleanField(_("counts from the last change of priority"), default=False)
    least = _percent(_("tickets in time, at least (%)"), null=False, blank=False, default=95)
    availability = _percent(_("availability, at least (%)"))
    at_risk = _percent(_("charge at risk (%)"))
    response_weight = _percent(_("weight of response (%)"))
    resolution_weight = _percent(_("weight of resolution (%)"))
    availability_weight = _percent(_("weight of availability (%)"))

    class Meta:
        verbose_name = _("target")
        ordering = ["service__sort_name", "offering__sort_name", "-starts_on"]
        constraints = [
            once("target_version_once", "service", "starts_on", where=Q(offering=None)),
            once("target_version_once_an_offering", "offering", "starts_on"),
        ]

    def __str__(self) -> str:
        return str(self.offering.full_name if self.offering else self.service)

    def get_absolute_url(self) -> str:
        return reverse("levels:edit_target", args=[self.pk])

    def goals(self, measure: str) -> dict[int, str]:
        """What is promised by priority, where anything is."""
        said = {number: getattr(self, f"{measure}_{number}") for number in PRIORITIES}
        return {number: goal for number, goal in said.items() if goal}

    def goal_words(self, measure: str) -> str:
        return ", ".join(f"P{number} {goal}" for number, goal in self.goals(measure).items())

    @property
    def pause_words(self) -> str:
        return ", ".join(str(Hold(one).label) for one in self.pauses) or _t("never")


class MonthQuerySet(OfficeQuerySet[Any]):
    def standing(self) -> Self:
        """Those worked out, each month once."""
        return self.filter(stands=True)

    def frozen(self) -> Self:
        return self.filter(frozen_at__isnull=False)


class Month(models.Model):
    """A month worked out: seen by nobody until it is whole, and then in the place of what was worked out before.

    set_aside  how many tickets it does not count, by why; "backwards": the keys of those resolved before they were opened
    frozen_at  when it was closed: from then on the database lets nobody change it
    """

    first = models.DateField(_("month"))
    last = models.DateField()
    begun_at = models.DateTimeField(auto_now_add=True)
    worked_at = models.DateTimeField(null=True)
    stands = models.BooleanField(default=False)
    set_aside: Any = models.JSONField(default=dict)
    frozen_at = models.DateTimeField(_("closed on"), null=True)
    frozen_by = perhaps(User, _("closed by"))

    objects = MonthQuerySet.as_manager()

    class Meta:
        verbose_name = _("month of service levels")
        ordering = ["-first"]
        constraints = [
            once("levels_month_once", "first", where=Q(stands=True)),
            always("levels_month_frozen_whole", Q(frozen_at=None) | Q(stands=True, frozen_by__isnull=False)),
        ]

    def __str__(self) -> str:
        return month(self.first)

    def get_absolute_url(self) -> str:
        return reverse("levels:month", args=[self.first.year, self.first.month])


class ResultQuerySet(models.QuerySet["Result"]):
    def visible_to(self, user: User) -> ResultQuerySet:
        """The office sees what stands; a partner's user what closed months came to for its own partners."""
        if user.is_office:
            return self.filter(month__stands=True)
        return self.closed().filter(partner__in=Partner.objects.visible_to(user))

    def closed(self) -> ResultQuerySet:
        return self.filter(month__frozen_at__isnull=False)

    def missed(self) -> ResultQuerySet:
        """Those in which a ticket was late, or the service was down too long."""
        late = Q(response_met__lt=F("response_counted")) | Q(resolution_met__lt=F("resolution_counted"))
        return self.filter(late | Q(is_down=True))

    def credited(self) -> ResultQuerySet:
        """Those of closed months that give something back."""
        return self.closed().filter(weight__gt=0, at_risk__gt=0, partner__isnull=False)


class Result(models.Model):
    """What a month came to for a partner and a service; of tickets that are nobody's yet, without a partner.

    by_priority          {"response": {"1": [counted, met]}, ...}
    agreed, down         seconds in which it should have run, and of them those in which it did not; None where none is promised
    availability, least  what was promised; is_down: it was not kept
    at_risk, weight      percent of the month's charge, and of that, which its missed levels give back
    """

    month = models.ForeignKey(Month, models.CASCADE, related_name="results")
    partner = perhaps(Partner, _("partner"), blank=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("service"))
    response_counted = models.PositiveIntegerField(default=0)
    response_met = models.PositiveIntegerField(default=0)
    resolution_counted = models.PositiveIntegerField(default=0)
    resolution_met = models.PositiveIntegerField(default=0)
    by_priority: Any = models.JSONField(default=dict)
    agreed = models.PositiveIntegerField(null=True)
    down = models.PositiveIntegerField(null=True)
    availability = _percent("")
    is_down = models.BooleanField(default=False)
    least = ExactField(decimal_places=3, default=95)
    at_risk = ExactField(decimal_places=3, default=0)
    weight = ExactField(decimal_places=3, default=0)

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("service level")
        ordering = ["partner__sort_name", "service__sort_name"]
        constraints = [once("result_once", "month", "partner", "service")]

    def __str__(self) -> str:
        return f"{self.service.title}, {month(self.month.first)}"

    def get_absolute_url(self) -> str:
        return reverse("levels:result", args=[self.pk])

    def counted(self, measure: str) -> tuple[int, int]:
        """How many tickets, and how many of them in time."""
        return getattr(self, f"{measure}_counted"), getattr(self, f"{measure}_met")

    @property
    def late(self) -> int:
        """How many were not in time; one that missed both counts twice."""
        return sum(counted - met for counted, met in map(self.counted, OF_TICKETS))

    @property
    def up(self) -> Decimal | None:
        """Percent of the time that it ran."""
        return None if self.agreed is None else Up(self.agreed, self.down or 0).percent

    @property
    def up_words(self) -> str:
        """The same in words; cut, never rounded up to what was promised."""
        return "" if self.up is None else f"{self.up.quantize(Decimal('0.001'), ROUND_DOWN).normalize():f}%"

    def misses_level(self, measure: str) -> bool:
        """Whether fewer were in time, or it ran less, than was promised."""
        if measure == AVAILABILITY:
            return self.is_down
        counted, met = self.counted(measure)
        return bool(counted) and 100 * met < self.least * counted


class Miss(models.Model):
    """A ticket that was not in time: kept as it was, whatever becomes of the ticket.

    is_open  it was still open when the month was over
    """

    result = models.ForeignKey(Result, models.CASCADE, related_name="misses")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("ticket"))
    measure = models.CharField(
        _("level"), max_length=10, choices=[(one, MEASURES[one]) for one in OF_TICKETS]
    )
    priority = models.PositiveSmallIntegerField(_("priority"))
    elapsed = models.PositiveBigIntegerField(_("took"))
    allowed = models.PositiveIntegerField(_("allowed"))
    due_at = models.DateTimeField(_("was due"))
    is_open = models.BooleanField(default=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("missed ticket")
        ordering = ["due_at", "pk"]

    def __str__(self) -> str:
        return str(self.ticket)
