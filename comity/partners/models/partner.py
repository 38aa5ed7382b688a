"""The bodies the office serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from comity.people.models import User


class PartnerQuerySet(models.QuerySet["Partner"]):
    def visible_to(self, user: User) -> PartnerQuerySet:
        """The office sees every partner; a partner's user its own ones and all below them."""
        from comity.partners.models.membership import Membership

        if user.is_office:
            return self.filter(arriving=False)
        own = Membership.objects.standing().filter(user=user).values("partner")
        return self.filter(Q(pk__in=own) | Q(parent__in=own) | Q(parent__parent__in=own))

    def standing(self) -> PartnerQuerySet:
        """Those that are not tombstones of a merge, nor on their way in with an import."""
        return self.filter(merged_into=None, arriving=False)

    def served(self) -> PartnerQuerySet:
        """Those the office serves today: standing and active."""
        return self.standing().filter(status=Partner.Status.ACTIVE)


class Partner(models.Model):
    """One body: an agency, a board, a county, a city. Its key is its code, else its FIPS code, else its name."""

    class Kind(models.TextChoices):
        AGENCY = "agency", _("Agency")
        BOARD = "board", _("Board")
        COMMISSION = "commission", _("Commission")
        COURT = "court", _("Court")
        LEGISLATURE = "legislature", _("Legislature")
        UNIVERSITY = "university", _("University")
        COUNTY = "county", _("County")
        CITY = "city", _("City")
        TOWN = "town", _("Town")
        DISTRICT = "district", _("District")
        TRIBE = "tribe", _("Tribe")
        OTHER = "other", _("Other")
        UNKNOWN = "unknown", _("Unknown")

    class Status(models.TextChoices):
        CONSIDERING = "considering", _("Considering")
        ACTIVE = "active", _("Active")
        FORMER = "former", _("Former")

    name = models.CharField(_("name"), max_length=300)
    name_key = models.CharField(max_length=300, db_index=True, editable=False)  # case and extra space folded
    code = models.CharField(_("code"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices, default=Kind.UNKNOWN)
    status = models.CharField(_("status"), max_length=15, choices=Status.choices, default=Status.ACTIVE)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    tier = models.ForeignKey(
        "office.VisitTier",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("visit tier"),
    )
    headcount = models.PositiveIntegerField(_("people"), null=True, blank=True)
    budget_cents = models.BigIntegerField(_("yearly budget"), null=True, blank=True)
    fips = models.CharField(_("FIPS code"), max_length=10, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    place = models.CharField(_("city or place"), max_length=100, blank=True)
    website = models.URLField(_("web site"), blank=True)
    notes = models.TextField(
        _("notes"),
        blank=True,
        help_text=_("Only our office sees these. They may be public records."),
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged_from"
    )
    lead_gap_since = models.DateField(
        null=True, editable=False
    )  # no lead contact since this day; None while one leads
    last_met_on = models.DateField(null=True, editable=False)  # last face-to-face meeting, kept by meetings
    import_id = models.BigIntegerField(null=True, editable=False)  # the import that made it
    arriving = models.BooleanField(default=False, editable=False)  # its import is not whole yet: nobody sees it
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code="") & Q(merged_into=None),
                name="partner_code_once",
            ),
            models.UniqueConstraint(
                fields=["fips"],
                condition=~Q(fips="") & Q(merged_into=None),
                name="partner_fips_once",
            ),
            models.CheckConstraint(name="partner_is_not_its_own_parent", condition=~Q(parent=F("id"))),
        ]
        indexes = [
            models.Index(fields=["status", "kind", "name"]),
            models.Index(fields=["lead_gap_since"]),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partner", args=[self.pk])


class Alias(models.Model):
    """Another name or spelling a partner goes or went by, so that an import meets the same row again."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="aliases")
    name = models.CharField(_("name"), max_length=300)
    name_key = models.CharField(max_length=300, db_index=True, editable=False)

    class Meta:
        verbose_name_plural = "aliases"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["partner", "name_key"], name="alias_once_per_partner")]

    def __str__(self) -> str:
        return self.name


class Domain(models.Model):
    """An internet domain of a partner (`dor.franklin.gov`)."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="domains")
    name = models.CharField(_("domain"), max_length=253)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["partner", "name"], name="domain_once_per_partner")]
        indexes = [models.Index(fields=["name"])]

    def __str__(self) -> str:
        return self.name
