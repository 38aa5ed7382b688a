"""What a year costs, and how costs reach the services: pools, the ledger's lines, steps of overhead, forecasts."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.editing.declared import always, once, perhaps
from comity.editing.exact import ExactField
from comity.services.models import CostCenter, Offering, OfficeRow, Service


class CostModelQuerySet(OfficeQuerySet[Any]):
    def official(self) -> Self:
        """Those rates are set from; the others ask what if."""
        return self.filter(copied_from=None)

    def named(self) -> Self:
        """With what a list calls one: `year`, of an official one; a what-if has a name."""
        return self.annotate(year=Case(When(copied_from=None, then="fiscal_year")))


class CostModel(models.Model):
    """A fiscal year's costs, and how they become rates: the office's own, or a copy that asks what if.

    fiscal_year  by the calendar year in which it ends
    copied_from  of a what-if: whose costs, steps and forecasts it began with
    """

    class Method(models.TextChoices):
        STEP_DOWN = "step-down", _("Step-down")
        RECIPROCAL = "reciprocal", _("Reciprocal")

    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    name = models.CharField(_("name"), max_length=100, blank=True)  # of a what-if
    copied_from = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="what_ifs", editable=False
    )
    method = models.CharField(
        _("how overhead is passed on"), max_length=10, choices=Method.choices, default=Method.STEP_DOWN
    )
    note = models.TextField(_("note"), blank=True)
    made_by = models.ForeignKey("people.User", models.PROTECT, related_name="+", editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CostModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost model")
        ordering = ["-fiscal_year", "pk"]
        constraints = [
            once("cost_model_once_a_year", "fiscal_year", where=Q(copied_from=None)),
            once("what_if_name_once", "name", where=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name or f"FY {self.fiscal_year}"

    def get_absolute_url(self) -> str:
        return reverse("rates:costs", args=[self.pk])

    @property
    def is_what_if(self) -> bool:
        return self.copied_from_id is not None


class CostPool(OfficeRow):
    """Costs of one kind: staff, software, telecom. The office's own names; begun with those that are usual."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    group = models.CharField(_("group"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("cost pool")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("rates:edit_pool", args=[self.pk])


class LedgerLine(OfficeRow):
    """A line of the office's ledger in a year, budgeted or actual; into a pool, or straight into a service.

    reference    what tells it from the other lines of its model and basis
    unallowable  not a cost that rates may recover
    """

    class Basis(models.TextChoices):
        BUDGET = "budget", _("Budget")
        ACTUAL = "actual", _("Actual")

    model = models.ForeignKey(CostModel, models.CASCADE, related_name="lines", verbose_name=_("fiscal year"))
    basis = models.CharField(_("basis"), max_length=6, choices=Basis.choices, default=Basis.BUDGET)
    reference = models.CharField(_("reference"), max_length=60)
    booked_on = models.DateField(_("booked on"), null=True, blank=True)
    object_code = models.CharField(_("object code"), max_length=20)
    description = models.CharField(_("description"), max_length=200, blank=True)
    cost_center = perhaps(CostCenter, _("cost center"))
    pool = models.ForeignKey(CostPool, models.PROTECT, related_name="lines", verbose_name=_("cost pool"))
    service = perhaps(Service, _("only for the service"))
    amount_cents = models.BigIntegerField(_("amount"))
    unallowable = models.BooleanField(_("unallowable"), default=False)

    class Meta:
        verbose_name = _("ledger line")
        ordering = ["model", "basis", "reference"]
        constraints = [once("ledger_line_once", "model", "basis", "reference")]
        indexes = [models.Index(fields=["object_code"])]

    def __str__(self) -> str:
        return f"{self.reference} {self.description}".strip()

    def get_absolute_url(self) -> str:
        return reverse("rates:edit_line", args=[self.pk])


class Step(OfficeRow):
    """A pool's costs passed on, to other pools and to services, by a driver."""

    class Driver(models.TextChoices):
        FIXED = "fixed", _("Fixed share")
        FTE = "fte", _("Full-time employees")
        HEADCOUNT = "headcount", _("Headcount")
        USAGE = "usage", _("Forecast usage")
        SPEND = "spend", _("Direct cost")

    model = models.ForeignKey(CostModel, models.CASCADE, related_name="steps")
    pool = models.ForeignKey(CostPool, models.PROTECT, related_name="+", verbose_name=_("cost pool"))
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    driver = models.CharField(_("driver"), max_length=10, choices=Driver.choices, default=Driver.FIXED)
    source = models.CharField(_("where the figures come from"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("step")
        ordering = ["model", "order", "pk"]
        constraints = [once("step_once_a_pool", "model", "pool")]

    def __str__(self) -> str:
        return str(self.pool)


class StepShare(models.Model):
    """Who is served by a pool, and by how much: in people, shares, or whatever the driver counts.

    Of a computed driver it says only whom the pool reaches; where nobody is named, it reaches every service.
    """

    step = models.ForeignKey(Step, models.CASCADE, related_name="shares")
    to_pool = models.ForeignKey(CostPool, models.PROTECT, null=True, blank=True, related_name="+")
    to_service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    weight = ExactField(_("weight"), default=0)

    class Meta:
        constraints = [
            once("step_share_once_a_pool", "step", "to_pool"),
            once("step_share_once_a_service", "step", "to_service"),
            always(
                "step_share_goes_to_one",
                Q(to_pool=None, to_service__isnull=False) | Q(to_pool__isnull=False, to_service=None),
            ),
        ]


class Forecast(OfficeRow):
    """What an offering is expected to be used in a year, and what of its service's cost it has to recover.

    weight  its part of the service's cost, beside those of the service's other offerings
    plan    of a what-if: a price plan to try, as `core.billing.plans.plain` writes it; else one price, as costs give it
    """

    model = models.ForeignKey(CostModel, models.CASCADE, related_name="forecasts")
    offering = models.ForeignKey(
        Offering, models.PROTECT, related_name="forecasts", verbose_name=_("offering")
    )
    weight = ExactField(_("share of the service’s cost"), default=1)
    units = ExactField(_("forecast units"))
    carry_forward_cents = models.BigIntegerField(_("carried forward"), default=0)
    market_price = ExactField(_("market price"), decimal_places=6, null=True, blank=True)
    market_source = models.CharField(_("where the market price is from"), max_length=200, blank=True)
    plan: Any = models.JSONField(_("price plan"), null=True, blank=True)

    class Meta:
        verbose_name = _("forecast")
        ordering = ["model", "offering__service__sort_name", "offering__sort_name"]
        constraints = [once("forecast_once", "model", "offering")]

    def __str__(self) -> str:
        return str(self.offering)

    def get_absolute_url(self) -> str:
        return reverse("rates:forecast", args=[self.pk])
