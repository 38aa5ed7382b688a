"""People at partners and the posts they hold there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.partners.models.partner import Partner
from comity.partners.models.rank import rank
from comity.search import matching
from comity.search.sorting import SortKey

if TYPE_CHECKING:
    from comity.people.models import User


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: User) -> PersonQuerySet:
        """The office sees everyone; a partner's user those with a post at a partner it sees, and itself."""
        if user.is_office:
            return self.filter(arriving=False)
        seen = Position.objects.visible_to(user).filter(person__isnull=False).values("person")
        own = user.memberships.filter(person__isnull=False).values("person")
        return self.filter(Q(pk__in=seen) | Q(pk__in=own), arriving=False)

    def at(self, partner: Partner, day: date) -> PersonQuerySet:
        """Those who hold a post at a partner on a day."""
        return self.filter(pk__in=Position.objects.current(day).filter(partner=partner).values("person"))

    def search(self, text: str) -> PersonQuerySet:
        """Those whose name or e-mail address has the words."""
        return matching(self, text)

    def standing(self) -> PersonQuerySet:
        """Those that are not tombstones of a merge, nor on their way in with an import."""
        return self.filter(merged_into=None, arriving=False)


class Person(models.Model):
    """Someone at a partner the office talks to; a person may hold posts at several partners."""

    name = models.CharField(_("name"), max_length=200)
    sort_name = SortKey()
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    mobile = models.CharField(_("mobile"), max_length=50, blank=True)
    language = models.CharField(_("language"), max_length=5, default="en")
    notes = models.TextField(
        _("notes"),
        blank=True,
        help_text=_("Only our office can see these. They may be public records."),
    )
    left_on = models.DateField(_("left on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged_from", db_index=False
    )
    import_id = models.BigIntegerField(null=True, editable=False)
    arriving = models.BooleanField(
        default=False, editable=False
    )  # its import is not whole yet: nobody sees it
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "people"
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(fields=["email"]),
            models.Index(fields=["sort_name"]),
            # Of tombstones alone: an index in which nearly all rows say "nowhere" only leads SQLite astray.
            models.Index(
                name="person_merged", fields=["merged_into"], condition=Q(merged_into__isnull=False)
            ),
            # The list of people, and how many they are, read from here in the list's order.
            models.Index(
                name="person_standing_by_name",
                fields=["sort_name", "id"],
                condition=Q(arriving=False, merged_into=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partners:person", args=[self.pk])


class PositionQuerySet(models.QuerySet["Position"]):
    def visible_to(self, user: User) -> PositionQuerySet:
        return self.filter(partner__in=Partner.objects.visible_to(user))

    def current(self, day: date) -> PositionQuerySet:
        """Posts that are held, or vacant, on a day."""
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=day),
            Q(ends_on=None) | Q(ends_on__gt=day),
        )

    def not_over(self, day: date) -> PositionQuerySet:
        """Posts that hold on a day or begin later."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day))

    def by_rank(self, *then: str) -> PositionQuerySet:
        """Whom to call first comes first: the head, then the leads, the clerks last; among equals as `then` says."""
        return self.order_by(BY_RANK, *then, "pk")

    def held(self) -> PositionQuerySet:
        """Posts that someone holds."""
        return self.filter(person__isnull=False)

    def vacant(self) -> PositionQuerySet:
        """Posts that nobody holds."""
        return self.filter(person=None)


class Position(models.Model):
    """A post at a partner: held by someone, shared, acting, or vacant (no person) since a day.

    `ends_on` is the first day it no longer holds. It may report to several others; whoever follows in it does so, too.
    """

    class Function(models.TextChoices):
        HEAD = "head", _("Head")
        DEPUTY = "deputy", _("Deputy")
        IT_LEAD = "it_lead", _("IT lead")
        FINANCE = "finance", _("Finance lead")
        SECURITY = "security", _("Security lead")
        OPERATIONS = "operations", _("Operations")
        OTHER = "other", _("Other")

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="positions")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="positions")
    title = models.CharField(_("title"), max_length=200)
    function = models.CharField(
        _("function"),
        max_length=15,
        choices=Function.choices,
        default=Function.OTHER,
    )
    acting = models.BooleanField(_("acting"), default=False)
    shared = models.BooleanField(_("shared with others"), default=False)
    starts_on = models.DateField(_("since"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    reports_to = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="reports", verbose_name=_("reports to")
    )
    import_id = models.BigIntegerField(null=True, editable=False)

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ["partner", "pk"]
        constraints = [
            models.CheckConstraint(
                name="position_ends_after_it_starts",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            )
        ]
        indexes = [
            models.Index(fields=["partner", "ends_on"]),
            models.Index(fields=["person", "ends_on"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_vacant(self) -> bool:
        return self.person_id is None

    def days_vacant(self, today: date) -> int | None:
        """How many days the post has been vacant; None if it is held, or nobody knows since when."""
        if not self.is_vacant or self.starts_on is None:
            return None
        return max(0, (today - self.starts_on).days)


BY_RANK = rank(Position.Function.values, Position.Function.OTHER)


class ArrivingPosition(models.Model):
    """A post as an import will make it. Kept after applying, so that undoing can tell whether one was changed."""

    import_id = models.BigIntegerField(db_index=True)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+")
    position_id = models.BigIntegerField(null=True)  # the id it will have; nothing only in imports of old
    person_id = models.BigIntegerField(null=True)  # nobody: it arrives vacant
    title = models.CharField(max_length=200)
    function = models.CharField(max_length=15, choices=Position.Function.choices)
    acting = models.BooleanField(default=False)
    shared = models.BooleanField(default=False)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.title
