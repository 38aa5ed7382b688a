"""What the office offers: a service, and its offerings, which are what a partner has and a bill counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.partners.models import Partner
from comity.search import matching
from comity.search.sorting import SortKey

if TYPE_CHECKING:
    from comity.people.models import User


class OfficeRow(models.Model):
    """A row of the office's own; it counts its changes."""

    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        abstract = True


class Fund(OfficeRow):
    """A fund of the state's ledger that the office's money comes into: most often an internal service fund."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("fund")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CostCenter(OfficeRow):
    """Where the office itself books what a service costs and earns."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="cost_centers", verbose_name=_("fund"))

    class Meta:
        verbose_name = _("cost center")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CustomerClassQuerySet(OfficeQuerySet[Any]):
    def of(self, partners: Iterable[Partner]) -> dict[int, CustomerClass | None]:
        """The class of each partner by its key: the first in order that fits; None for those in none."""
        classes = [
            (one, {partner.pk for partner in one.partners.all()}) for one in self.prefetch_related("partners")
        ]
        return {
            each.pk: next((one for one, named in classes if each.pk in named or one.fits(each)), None)
            for each in partners
        }


class CustomerClass(models.Model):
    """Partners that may have rates of their own: local governments, small agencies.

    order          of several that fit, a partner is in the first
    kinds          the kinds of partner it is for; empty for all
    headcount_max  and only if they are known to have at most so many employees; None for any
    partners       those who are in it whatever they are
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    kinds: Any = models.JSONField(_("kinds"), default=list, blank=True)
    headcount_max = models.PositiveIntegerField(_("employees, at most"), null=True, blank=True)
    partners = models.ManyToManyField(Partner, blank=True, related_name="+", verbose_name=_("also"))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CustomerClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer class")
        verbose_name_plural = _("customer classes")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("services:customer_class", args=[self.pk])

    def fits(self, partner: Partner) -> bool:
        """Whether a partner is of its kinds and small enough; a class that asks for neither takes only whom it names."""
        if not self.kinds and self.headcount_max is None:
            return False
        small = self.headcount_max is None or (
            partner.headcount is not None and partner.headcount <= self.headcount_max
        )
        return small and (not self.kinds or partner.kind in self.kinds)


class ServiceQuerySet(models.QuerySet["Service"]):
    def visible_to(self, user: User) -> ServiceQuerySet:
        """The office sees all; a partner's user those with an offering that its partners may have."""
        if user.is_office:
            return self
        return self.filter(pk__in=Offering.objects.visible_to(user).values("service"))

    def offered(self) -> ServiceQuerySet:
        """Those a partner can have now, also for a last while."""
        return self.filter(status__in=Service.OFFERED)

    def standing(self) -> ServiceQuerySet:
        """Those that are not retired."""
        return self.exclude(status=Service.Status.RETIRED)

    def owned_by(self, user: User) -> ServiceQuerySet:
        return self.standing().filter(owner=user)

    def search(self, text: str) -> ServiceQuerySet:
        return matching(self, text)


class Service(models.Model):
    """Something the office does for its partners, by the name that they would give it."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        PILOT = "pilot", _("Pilot")
        ACTIVE = "offered", _("Offered")
        RETIRING = "retiring", _("Retiring")
        RETIRED = "retired", _("Retired")

    OFFERED = (Status.PILOT, Status.ACTIVE, Status.RETIRING)

    name = models.CharField(
        _("name"),
        max_length=100,
        unique=True,
        error_messages={"unique": _("There is already a service with this name.")},
    )
    sort_name = SortKey()
    promise = models.CharField(_("what it does for them"), max_length=300, help_text=_("One sentence."))
    owner = models.ForeignKey(
        "people.User", models.PROTECT, related_name="services", verbose_name=_("service owner")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    cost_center = models.ForeignKey(
        CostCenter,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name=_("cost center"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        ordering = ["sort_name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("services:service", args=[self.pk])

    @property
    def is_retired(self) -> bool:
        return self.status == self.Status.RETIRED


class OfferingQuerySet(models.QuerySet["Offering"]):
    def visible_to(self, user: User) -> OfferingQuerySet:
        """The office sees all; a partner's user those in force that its partners may have."""
        if user.is_office:
            return self
        chosen = Cast(OuterRef("kinds"), models.TextField())
        named = Concat(Value('"'), "kind", Value('"'), output_field=models.TextField())
        own = Partner.objects.visible_to(user).alias(chosen=chosen).filter(chosen__contains=named)
        rows = self.standing().filter(service__in=Service.objects.offered())
        return rows.filter(Q(kinds=[]) | Exists(own))

    def standing(self) -> OfferingQuerySet:
        """Those that are not retired."""
        return self.filter(retired_on=None)

    def for_kind(self, kind: str) -> OfferingQuerySet:
        """Those that partners of a kind may have."""
        chosen = self.alias(chosen=Cast("kinds", models.TextField()))
        return chosen.filter(Q(kinds=[]) | Q(chosen__contains=f'"{kind}"'))

    def search(self, text: str) -> OfferingQuerySet:
        return matching(self, text)


class Offering(models.Model):
    """One way to have a service: what is counted of it, and who pays how.

    code        the meter code, by which usage and rates find it
    kinds       which kinds of partner may have it; empty for all
    retired_on  the first day it can no longer be had
    """

    class Unit(models.TextChoices):
        DEVICE_MONTH = "device-month", _("device per month")
        USER_MONTH = "user-month", _("user per month")
        GB_MONTH = "gb-month", _("gigabyte per month")
        SERVER_MONTH = "server-month", _("server per month")
        ADDRESS_MONTH = "address-month", _("address per month")
        CIRCUIT_MONTH = "circuit-month", _("circuit per month")
        HOUR = "hour", _("hour")
        MINUTE = "minute", _("minute")
        SCAN = "scan", _("scan")
        TRANSACTION = "transaction", _("transaction")
        PAGE = "page", _("page")
        REQUEST = "request", _("request")
        ITEM = "item", _("item")
        PROJECT_COST = "project-cost", _("dollar of a project’s cost")
        FTE = "fte", _("full-time employee")
        SPEND = "percent-of-spend", _("percent of spend")
        INSTALMENT = "instalment", _("fixed installment")
        AT_COST = "at-cost", _("at cost")

    class Funding(models.TextChoices):
        BILLED = "billed", _("Billed")
        ALLOCATED = "allocated", _("Allocated")
        APPROPRIATED = "appropriated", _("Appropriated")
        PASS_THROUGH = "pass-through", _("Pass-through")

    service = models.ForeignKey(Service, models.PROTECT, related_name="offerings", verbose_name=_("service"))
    name = models.CharField(_("name"), max_length=100)
    sort_name = SortKey()
    code = models.CharField(
        _("meter code"),
        max_length=40,
        unique=True,
        help_text=_("Usage and rates are matched by this code."),
        error_messages={"unique": _("Another offering has this meter code.")},
    )
    unit = models.CharField(_("counted per"), max_length=20, choices=Unit.choices)
    funding = models.CharField(
        _("funding method"), max_length=15, choices=Funding.choices, default=Funding.BILLED
    )
    kinds: Any = models.JSONField(_("who can have it"), default=list, blank=True)
    retired_on = models.DateField(_("retired on"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name = _("offering")
        ordering = ["service__sort_name", "sort_name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("services:offering", args=[self.pk])

    @property
    def full_name(self) -> str:
        """With the service that it is of, where that is called otherwise."""
        return f"{self.service} ({self})" if str(self.service) != str(self) else str(self)

    @property
    def kind_words(self) -> str:
        """Who can have it, in words."""
        return ", ".join(str(Partner.Kind(kind).label) for kind in self.kinds) or str(_("Everyone"))

    def is_retired(self, today: date) -> bool:
        return self.retired_on is not None and self.retired_on <= today
