"""The same problem at several partners: items, the patterns they make, what the night proposes; and rotations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Count, F, Min, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.followups.models import FollowUp, State
from comity.partners.models import Partner
from comity.search import matching
from comity.search.sorting import SortKey
from comity.services.models import Service

if TYPE_CHECKING:
    from comity.people.models import User

LATELY = timedelta(days=90)
Row = TypeVar("Row", bound=models.Model)


class OfficeQuerySet(models.QuerySet[Row]):
    def visible_to(self, user: User) -> Self:
        """The office's own; what a partner reads of it stands on its own follow-up."""
        return self if user.is_office else self.none()


class PatternQuerySet(OfficeQuerySet["Pattern"]):
    def standing(self) -> Self:
        """Those that did not go into another."""
        return self.filter(merged_into=None)

    def search(self, text: str) -> Self:
        found: Self = matching(self, text)
        return found

    def owned_by(self, user: User) -> Self:
        """Open ones this person answers for."""
        return self.standing().filter(owner=user, status=Pattern.Status.OPEN)

    def counted(self, day: date) -> Any:
        """With how many partners and items each has, since when, and how many items in the last 90 days."""
        said = ~Q(items__follow_up__state=State.WITHDRAWN)
        late = said & Q(items__follow_up__heard_on__gt=day - LATELY)
        return self.annotate(
            partner_count=Count("items__follow_up__partner", filter=said, distinct=True),
            item_count=Count("items", filter=said),
            first_on=Min("items__follow_up__heard_on", filter=said),
            lately=Count("items", filter=late),
        )


class Pattern(models.Model):
    """One problem that several partners have, as people judged.

    merged_into  the pattern it went into; its address leads there
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        SOLVED = "solved", _("Solved")

    name = models.CharField(_("name"), max_length=120)
    sort_name = SortKey()
    owner = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.OPEN)
    solution = models.TextField(_("what solves it"), blank=True)
    service = models.ForeignKey(
        Service, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("a service for it")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged_from"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PatternQuerySet.as_manager()

    class Meta:
        verbose_name = _("pattern")
        ordering = ["sort_name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("patterns:pattern", args=[self.pk])


class ItemQuerySet(OfficeQuerySet["Item"]):
    def standing(self) -> Self:
        """Those whose follow-up was not withdrawn."""
        return self.exclude(follow_up__state=State.WITHDRAWN)

    def named(self) -> Self:
        """Those whose partner may be named to others: it agreed, and still sees the item itself."""
        return self.standing().filter(may_name=True, follow_up__office_only=False)


class Item(models.Model):
    """A follow-up that tells of a problem: what its text is as a vector, and the pattern it is part of.

    vector, text_hash  of its text as it was when it was last looked at; empty until then
    seen               which version of the follow-up that was
    may_name           its partner agreed that others are told that it has the problem too
    """

    follow_up = models.OneToOneField(FollowUp, models.CASCADE, primary_key=True, related_name="problem")
    vector = models.BinaryField(default=b"")
    text_hash = models.CharField(max_length=64, blank=True)
    seen = models.PositiveIntegerField(default=0)
    pattern = models.ForeignKey(Pattern, models.SET_NULL, null=True, related_name="items")
    joined_at = models.DateTimeField(null=True)
    may_name = models.BooleanField(default=False)

    objects = ItemQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.follow_up)


class Apart(models.Model):
    """Two follow-ups that somebody looked at and said: not the same. `first` is the one with the smaller key."""

    first = models.ForeignKey(FollowUp, models.CASCADE, related_name="+")
    second = models.ForeignKey(FollowUp, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="apart_once", fields=["first", "second"]),
            models.CheckConstraint(name="apart_in_order", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"


class ProposalQuerySet(OfficeQuerySet["Proposal"]):
    def open(self) -> Self:
        """Those nobody dismissed; those of most partners first, then of most items."""
        return self.filter(dismissed_at=None).order_by("-partner_count", "-item_count", "pk")


class Proposal(models.Model):
    """Follow-ups that may tell of one problem, as the night found them.

    quote  the most central of their texts
    """

    name = models.CharField(max_length=120)
    quote = models.TextField()
    follow_ups = models.ManyToManyField(FollowUp, related_name="+")
    partner_count = models.PositiveIntegerField()
    item_count = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed pattern")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("patterns:proposal", args=[self.pk])


class Rotation(models.Model):
    """Somebody of the office who works at a partner for a while, and what they learn there."""

    who = models.ForeignKey("people.User", models.PROTECT, related_name="rotations", verbose_name=_("who"))
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="rotations")
    role = models.CharField(_("as what"), max_length=100, help_text=_("Such as: shadow CIO."))
    place = models.CharField(_("where they sit"), max_length=100, blank=True)
    purpose = models.TextField(_("what for"))
    begins_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True, help_text=_("Their last day there."))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("rotation")
        ordering = ["-begins_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.who}, {self.partner}"

    def get_absolute_url(self) -> str:
        return reverse("patterns:rotation", args=[self.pk])


class Week(models.Model):
    """What somebody on a rotation saw and did in a week, for the office alone."""

    rotation = models.ForeignKey(Rotation, models.CASCADE, related_name="weeks", editable=False)
    begins_on = models.DateField(_("a day of the week"))
    words = models.TextField(_("what you saw and did"))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("week")
        ordering = ["-begins_on"]
        constraints = [
            models.UniqueConstraint(
                name="week_of_a_rotation_once",
                fields=["rotation", "begins_on"],
                violation_error_message=_("This week has an entry. Change that one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.rotation}, {self.begins_on}"
