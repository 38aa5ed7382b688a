"""Rates with the days they hold, and the dated driver figures by which shared costs are split between partners."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.core.billing.plans import Terms, plan_of
from comity.editing.declared import always, once, perhaps
from comity.editing.exact import ExactField
from comity.partners.models import Partner
from comity.people.models import User
from comity.rates.models.costs import CostModel
from comity.services.models import CustomerClass, Offering, OfficeRow


class Driver(models.TextChoices):
    """What shared costs may be split by."""

    HEADCOUNT = "headcount", _("Headcount")
    FTE = "fte", _("Full-time employees")
    IT_FTE = "it-fte", _("IT full-time employees")
    SPEND = "spend", _("Spend")
    FIXED = "fixed", _("Fixed shares")


class RateVersionQuerySet(models.QuerySet["RateVersion"]):
    def visible_to(self, user: User) -> RateVersionQuerySet:
        """The office sees all; a partner's user those approved, of offerings that its partners may have.

        Rates of other classes are no secret; what a partner pays itself, its rate sheet says.
        """
        if user.is_office:
            return self
        return self.approved().filter(offering__in=Offering.objects.visible_to(user))

    def approved(self) -> RateVersionQuerySet:
        return self.filter(approved_at__isnull=False)

    def proposed(self) -> RateVersionQuerySet:
        """Those that wait for somebody to approve them."""
        return self.filter(approved_at=None, withdrawn_at=None)

    def on(self, day: date) -> RateVersionQuerySet:
        """Those approved that hold on a day."""
        return self.between(day, day)

    def between(self, first: date, last: date) -> RateVersionQuerySet:
        """Those approved that hold on some day of a span."""
        return self.approved().filter(Q(ends_on=None) | Q(ends_on__gte=first), starts_on__lte=last)


class RateVersion(models.Model):
    """What an offering costs from a day on, for everybody or for one customer class; approved, it never changes.

    basis       what the price is of: the units used, what it cost us (pass-through, cost-plus, percent of spend), or a
                year's amount that is split between partners
    plan        of units and cost: the price plan as `core.billing.plans.plain` writes it; None of a shared amount
    annual_cents, driver   of a shared amount: what the year costs, and by which figures it is split
    ends_on     the last day it holds; None until another one follows
    derivation  the arithmetic that gave it, as it stood when it was approved: see rates.services.derivation
    """

    class Basis(models.TextChoices):
        UNITS = "units", _("Units used")
        COST = "cost", _("What it cost us")
        SHARED = "shared", _("A year’s amount, split")

    offering = models.ForeignKey(Offering, models.PROTECT, related_name="rates", verbose_name=_("offering"))
    customer_class = perhaps(CustomerClass, _("customer class"), related_name="rates")
    basis = models.CharField(_("basis"), max_length=6, choices=Basis.choices, default=Basis.UNITS)
    plan: Any = models.JSONField(_("price plan"), null=True, blank=True)
    annual_cents = models.BigIntegerField(_("amount of the year"), null=True, blank=True)
    driver = models.CharField(_("split by"), max_length=10, choices=Driver.choices, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    announced_on = models.DateField(_("announced on"), null=True, blank=True)
    why = models.TextField(_("what changed, and why"))
    evidence = models.TextField(_("evidence"), blank=True)
    model = perhaps(CostModel, _("cost model"), related_name="rates")
    derivation: Any = models.JSONField(default=dict, editable=False)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    proposed_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RateVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("rate")
        ordering = ["offering__service__sort_name", "offering__sort_name", "-starts_on", "pk"]
        constraints = [
            always("rate_ends_after_it_starts", Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))),
            always(
                "rate_approved_by_somebody_else",
                Q(approved_by=None, approved_at=None)
                | (
                    Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("proposed_by"))
                ),
            ),
            always("rate_withdrawn_before_it_is_approved", Q(withdrawn_at=None) | Q(approved_at=None)),
            always(
                "rate_has_a_plan_or_an_amount",
                Q(basis="shared", plan=None, annual_cents__isnull=False)
                | (~Q(basis="shared") & Q(plan__isnull=False, annual_cents=None)),
            ),
        ]
        indexes = [models.Index(fields=["offering", "starts_on"])]

    def __str__(self) -> str:
        return str(self.offering)

    def get_absolute_url(self) -> str:
        return reverse("rates:rate", args=[self.pk])

    @property
    def terms(self) -> Terms:
        """Its plan; or the cents of a year, which are split."""
        return plan_of(self.plan) if self.plan else self.annual_cents or 0


class DriverSnapshot(OfficeRow):
    """The figures of a driver, of every partner, as of a day. One that a bill was split by never changes."""

    driver = models.CharField(_("driver"), max_length=10, choices=Driver.choices)
    offering = perhaps(Offering, _("only for the offering"))  # of fixed shares
    as_of = models.DateField(_("as of"))
    source = models.CharField(_("where the figures come from"), max_length=200)
    used_at = models.DateTimeField(null=True, editable=False)  # an approved run was split by it

    class Meta:
        verbose_name = _("driver figures")
        ordering = ["driver", "-as_of", "pk"]
        constraints = [
            once("driver_snapshot_once", "driver", "as_of", where=Q(offering=None)),
            once("driver_snapshot_once_each", "driver", "offering", "as_of"),
        ]

    def __str__(self) -> str:
        return f"{self.offering or self.get_driver_display()}, {self.as_of:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("rates:figures", args=[self.pk])


class DriverValue(models.Model):
    """A partner's figure; for part of the time, where it joined or left meanwhile."""

    snapshot = models.ForeignKey(DriverSnapshot, models.CASCADE, related_name="values")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=_("partner"))
    amount = ExactField(_("amount"))
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ["partner__sort_name", "pk"]
        constraints = [
            once("driver_value_once", "snapshot", "partner"),
            always("driver_value_not_negative", Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return str(self.partner)
