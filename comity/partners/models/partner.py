"""The bodies the office serves."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comity.partners.models.tree import WithAllAbove, WithAllBelow
from comity.search import matching
from comity.search.sorting import SortKey
from comity.ui.charts import county_names

if TYPE_CHECKING:
    from comity.people.models import User


class PartnerQuerySet(models.QuerySet["Partner"]):
    def visible_to(self, user: User) -> PartnerQuerySet:
        """The office sees every partner; a partner's user its own ones and all below them, however deep."""
        if user.is_office:
            return self.filter(arriving=False)
        own = user.memberships.standing().values("partner")
        return self.filter(pk__in=WithAllBelow(own), arriving=False)

    def standing(self) -> PartnerQuerySet:
        """Those that are not tombstones of a merge, nor on their way in with an import."""
        return self.filter(merged_into=None, arriving=False)

    def not_former(self) -> PartnerQuerySet:
        """Those something may be heard of: standing, and not gone."""
        return self.standing().exclude(status=Partner.Status.FORMER)

    def served(self) -> PartnerQuerySet:
        """Those the office serves today: standing and active."""
        return self.standing().filter(status=Partner.Status.ACTIVE)

    def search(self, text: str) -> PartnerQuerySet:
        """Those whose name, code, other names or domains have the words."""
        return matching(self, text)

    def at_or_above(self, partner: Partner) -> PartnerQuerySet:
        """A partner and all that it is part of."""
        return self.filter(pk__in=WithAllAbove(Partner.objects.filter(pk=partner.pk).values("pk")))

    def looked_after_by(self, user: User, today: date) -> PartnerQuerySet:
        """Those someone looks after on a day, in whatever role."""
        return self.filter(pk__in=user.assignments.on(today).values("partner"))

    def with_divisions(self) -> PartnerQuerySet:
        """Each with how many are below it, in the same query."""
        below = Partner.objects.filter(parent=OuterRef("pk")).order_by().values("parent")
        counted = {"divisions": Coalesce(Subquery(below.annotate(count=Count("pk")).values("count")), 0)}
        return self.annotate(**counted)

    def without_lead(self) -> PartnerQuerySet:
        """Those served today that nobody leads, longest alone first."""
        return (
            self.served().filter(lead_gap_since__isnull=False).order_by("lead_gap_since", "sort_name", "pk")
        )


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
    # names.key(name): folding may make it three times as long
    name_key = models.CharField(max_length=900, db_index=True, editable=False)
    sort_name = SortKey()
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
    headcount = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    budget_cents = models.BigIntegerField(_("annual budget"), null=True, blank=True)
    fips = models.CharField(_("FIPS code"), max_length=10, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    place = models.CharField(_("city or place"), max_length=100, blank=True)
    lies_in = models.CharField(_("county it lies in"), max_length=5, blank=True)  # its FIPS code
    website = models.URLField(_("website"), blank=True)
    notes = models.TextField(
        _("notes"),
        blank=True,
        help_text=_("Only our office can see these. They may be public records."),
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged_from", db_index=False
    )
    search_text = models.TextField(blank=True, editable=False)  # other names and domains, for the index
    # No lead contact since this day; None while one leads. Kept by services.assignments.refresh_leads.
    lead_gap_since = models.DateField(null=True, editable=False)
    last_met_on = models.DateField(null=True, editable=False)  # last face-to-face meeting, kept by meetings
    import_id = models.BigIntegerField(null=True, editable=False)  # the import that made it
    arriving = models.BooleanField(
        default=False, editable=False
    )  # its import is not whole yet: nobody sees it
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
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
            models.Index(fields=["sort_name"]),
            # The kind first: nearly all are active, and an index that begins with that leads SQLite astray.
            models.Index(fields=["kind", "status", "sort_name"]),
            # Of those that nobody leads alone: few rows, and in the order in which they are listed.
            models.Index(
                name="partner_alone",
                fields=["status", "lead_gap_since"],
                condition=Q(lead_gap_since__isnull=False),
            ),
            models.Index(fields=["last_met_on"]),
            # Of tombstones alone: an index in which nearly all rows say "nowhere" only leads SQLite astray.
            models.Index(
                name="partner_merged", fields=["merged_into"], condition=Q(merged_into__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partner", args=[self.pk])

    @cached_property
    def divisions(self) -> int:
        """How many are below it; asked, unless it came `with_divisions`."""
        return self.children.count()

    @property
    def county_name(self) -> str:
        """Of the county it lies in; the code, where that is of no county we know."""
        return county_names(self.lies_in[:2]).get(self.lies_in, self.lies_in)

    def path(self) -> list[Partner]:
        """What it is part of, from the top down to its parent; one query, and it ends in a circle too."""
        above = {each.pk: each for each in Partner.objects.at_or_above(self)}
        path: list[Partner] = []
        step = above.get(self.parent_id or 0)
        while step is not None and step not in path and step != self:
            path.insert(0, step)
            step = above.get(step.parent_id or 0)
        return path

    def lead_on(self, day: date) -> User | None:
        """Its lead contact on a day."""
        found = self.assignments.leads().on(day).order_by("-starts_on", "-pk").select_related("user").first()
        return found.user if found else None


class Alias(models.Model):
    """Another name or spelling a partner goes or went by, so that an import meets the same row again."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="aliases")
    name = models.CharField(_("name"), max_length=300)
    name_key = models.CharField(max_length=900, db_index=True, editable=False)

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
