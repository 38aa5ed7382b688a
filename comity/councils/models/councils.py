"""Councils, advisory boards, user groups and affinity groups, and their seats."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.partners.models import Partner, Person
from comity.search import matching
from comity.search.sorting import SortKey

if TYPE_CHECKING:
    from comity.people.models import User


class CouncilQuerySet(models.QuerySet["Council"]):
    def visible_to(self, user: User) -> CouncilQuerySet:
        """The office sees all; a partner's user those in which a partner of theirs has, or had, a seat."""
        if user.is_office:
            return self
        seats = Seat.objects.filter(partner__in=Partner.objects.visible_to(user))
        return self.filter(pk__in=seats.values("council"))

    def search(self, text: str) -> CouncilQuerySet:
        return matching(self, text)

    def running(self, day: date) -> CouncilQuerySet:
        """Those that have not ended on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day))


class Council(models.Model):
    """A group of partners' people that meets.

    charter          what it is for, what it may decide and by which rules, as its members read it
    quorum_percent   of the seats that are filled, how many have to be there for the council to decide
    open_meetings    whether the state's open-meetings law applies: then notice, agenda and minutes are public
    notice_days      how many days before a meeting its notice has to stand
    ends_on          the first day it is over
    """

    class Kind(models.TextChoices):
        COUNCIL = "council", _("Council")
        ADVISORY_BOARD = "advisory_board", _("Advisory board")
        USER_GROUP = "user_group", _("User group")
        AFFINITY_GROUP = "affinity_group", _("Affinity group")

    name = models.CharField(_("name"), max_length=100, unique=True)
    sort_name = SortKey()
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices, default=Kind.COUNCIL)
    purpose = models.TextField(_("purpose"), help_text=_("In two sentences: what is it for?"))
    charter = models.TextField(
        _("charter"), blank=True, help_text=_("What it may decide, how members come and go, how it votes.")
    )
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("The percent of filled seats that have to be there, rounded up."),
    )
    open_meetings = models.BooleanField(
        _("the open-meetings law applies"),
        default=False,
        help_text=_("Notice, agenda and minutes then stand on a public page."),
    )
    notice_days = models.PositiveSmallIntegerField(_("days of notice"), default=5)
    facilitator = models.ForeignKey(
        "people.User", models.PROTECT, related_name="councils", verbose_name=_("facilitator")
    )
    begun_on = models.DateField(_("begun on"))
    ends_on = models.DateField(_("ended on"), null=True, blank=True, help_text=_("The first day it is over."))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = _("council")
        ordering = ["sort_name"]
        constraints = [
            models.CheckConstraint(
                name="council_quorum_is_a_percent", condition=Q(quorum_percent__range=(1, 100))
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("councils:council", args=[self.pk])


class SeatQuerySet(models.QuerySet["Seat"]):
    def visible_to(self, user: User) -> SeatQuerySet:
        """Whoever sees a council sees who sits in it."""
        return self.filter(council__in=Council.objects.visible_to(user))

    def on(self, day: date) -> SeatQuerySet:
        """Those whose term runs on a day; a seat without a person is vacant, and stands."""
        return self.filter(Q(begins_on__lte=day), Q(ends_on=None) | Q(ends_on__gt=day))

    def by_rank(self) -> SeatQuerySet:
        """The chair first, then the members by their partner's name."""
        ranks = (When(role=role, then=at) for at, role in enumerate(Seat.Role.values))
        return self.order_by(Case(*ranks), "partner__sort_name", "pk")

    def filled(self) -> SeatQuerySet:
        return self.exclude(person=None)

    def during(self, seat: Seat) -> SeatQuerySet:
        """Those whose term runs on some day of another seat's."""
        rows = self.filter(Q(ends_on=None) | Q(ends_on__gt=seat.begins_on))
        return rows.filter(begins_on__lt=seat.ends_on) if seat.ends_on else rows


class Seat(models.Model):
    """A partner's seat in a council, for a term. Several seats of one partner share its weight in a vote.

    person   who sits there; nobody while it is vacant
    ends_on  the first day after the term
    """

    class Role(models.TextChoices):
        CHAIR = "chair", _("Chair")
        VICE_CHAIR = "vice_chair", _("Vice chair")
        MEMBER = "member", _("Member")

    class State(models.TextChoices):
        FILLED = "filled", _("filled")
        ENDING = "ending", _("ends soon")
        VACANT = "vacant", _("vacant")
        LEFT = "left", _("has left")
        TO_COME = "to_come", _("to come")
        ENDED = "ended", _("ended")

    SOON = timedelta(days=60)

    council = models.ForeignKey(Council, models.PROTECT, related_name="seats")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="seats", verbose_name=_("of"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    begins_on = models.DateField(_("from"))
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day after the term.")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        ordering = ["council", "partner__sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="seat_term_of_a_day_or_more",
                condition=Q(ends_on=None) | Q(ends_on__gt=models.F("begins_on")),
                violation_error_message=_("A term ends after it begins."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person or _('Vacant')}, {self.partner}"

    def state(self, day: date) -> State:
        """How it stands on a day; of what is true at once, what comes first to be mended."""
        if self.ends_on and self.ends_on <= day:
            return self.State.ENDED
        if self.person is None:
            return self.State.VACANT
        if self.person.left_on and self.person.left_on <= day:
            return self.State.LEFT
        if self.begins_on > day:
            return self.State.TO_COME
        return self.State.ENDING if self.ends_on and self.ends_on <= day + self.SOON else self.State.FILLED
