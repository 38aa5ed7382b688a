"""What the office keeps beside its services: funds and cost centers to book them, classes of customers that pay alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.partners.models import Partner


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


class Listed(OfficeRow):
    """One of a list of the office's own that entries of the catalog choose from; partners read it in their language."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    name_es = models.CharField(_("name in Spanish"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return in_language({"name": self.name, "name_es": self.name_es}, "name")


class DataClass(Listed):
    """A kind of data with rules of its own: CJIS, FTI, HIPAA."""

    class Meta:
        verbose_name = _("data class")
        verbose_name_plural = _("data classes")
        ordering = ["order", "name"]


class Subject(Listed):
    """What somebody wants to do, as they would say it: "Work from anywhere"."""

    class Meta:
        verbose_name = _("subject")
        ordering = ["order", "name"]


def in_language(facts: Mapping[str, Any], name: str) -> str:
    """A text as the reader has it: in Spanish where it was written, else in English."""
    spanish = (get_language() or "en").startswith("es") and facts.get(f"{name}_es")
    return str(spanish or facts.get(name) or "")


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
