"""Meetings with partners: who, when, how, what was said. What was promised is a follow-up at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.followups.models import FollowUp
from comity.partners.models import Partner, Person
from comity.search import matching

if TYPE_CHECKING:
    from comity.people.models import User


# The kinds of follow-up that promises made in a meeting are: what we promised, and what they promised us, which we see to.
PROMISE, THEIR_PROMISE = PROMISES = ("promise", "their_promise")


def first_partner_of(relation: str) -> dict[str, Any]:
    """What names the partners of a row in a list: the first by name, and how many there are.

    relation  the partners' name for the rows ("meetings")
    """
    there = Partner.objects.filter(**{relation: OuterRef("pk")}).order_by("sort_name", "pk")
    counted = there.order_by().values(relation).annotate(count=Count("pk"))
    return {
        "partner_name": Subquery(there.values("name")[:1]),
        "partner_count": Coalesce(Subquery(counted.values("count")[:1]), 0),
    }


def kind_or_how(row: Any) -> str:
    """What a meeting without a title is called, held or planned: of what kind it is, or how people meet."""
    usual = row.kind == Meeting.Kind.VISIT
    return str(row.get_how_display() if usual else row.get_kind_display())


def with_whom(row: Any) -> str:
    """The partners of a meeting, held or planned, by name."""
    return ", ".join(map(str, row.partners.all()))


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> MeetingQuerySet:
        """The office sees all; a partner's user those of its partners that are not office only."""
        if user.is_office:
            return self
        seen = self.model.partners.through.objects.filter(partner__in=Partner.objects.visible_to(user))
        return self.standing().filter(pk__in=seen.values("meeting"), office_only=False)

    def standing(self) -> MeetingQuerySet:
        """Those that took place: not withdrawn."""
        return self.filter(withdrawn_at=None)

    def search(self, text: str) -> MeetingQuerySet:
        """Those whose title, words, notes or place hold all the words of the text."""
        found: MeetingQuerySet = matching(self, text)
        return found

    def with_partner_names(self) -> MeetingQuerySet:
        """With `partner_name`, the first by name, and `partner_count`, in the same query."""
        return self.annotate(**first_partner_of("meetings"))

    def between(self, first: date, last: date) -> MeetingQuerySet:
        """Held on a day from `first` to `last`, both included."""
        return self.filter(held_on__gte=first, held_on__lte=last)

    def face_to_face(self) -> MeetingQuerySet:
        """Those that count as having seen each other."""
        return self.standing().filter(how__in=Meeting.FACE_TO_FACE)

    def same_visit(
        self, partners: Iterable[Partner], held_on: date, ours: Iterable[User], theirs: Iterable[Person]
    ) -> MeetingQuerySet:
        """Those of a day with one of these partners at which one of these people was, of either side."""
        here, met = Q(meeting=OuterRef("pk")), self.standing().filter(held_on=held_on)
        with_them = Meeting.partners.through.objects.filter(here, partner__in=list(partners))
        some_of_ours = Meeting.ours.through.objects.filter(here, user__in=list(ours))
        some_of_theirs = Meeting.theirs.through.objects.filter(here, person__in=list(theirs))
        return met.filter(Exists(with_them), Exists(some_of_ours) | Exists(some_of_theirs))


class Meeting(models.Model):
    """One meeting that took place; what is still to come is a `PlannedVisit`.

    about        the follow-ups that it was about, whatever else was said
    office_only  whether its partners see nothing of it; if not, they read what was said
    notes, mood  what is for the office alone, whatever its partners read; the mood is as whoever was there read it
    """

    class Kind(models.TextChoices):
        VISIT = "visit", _("Visit")
        BRIEFING = "briefing", _("Mission briefing")
        JOURNEY = "journey", _("Joint journey review")
        QUARTERLY = "quarterly", _("Quarterly review")
        INTRODUCTION = "introduction", _("Executive introduction")

    class How(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        GROUP = "group", _("In person, in a group")
        VIDEO = "video", _("By video")
        PHONE = "phone", _("By phone")

    class Mood(models.TextChoices):
        WARM = "warm", _("Warm")
        CONSTRUCTIVE = "constructive", _("Constructive")
        NEUTRAL = "neutral", _("Businesslike")
        RESERVED = "reserved", _("Reserved")
        STRAINED = "strained", _("Strained")

    FACE_TO_FACE = (How.IN_PERSON, How.GROUP)

    partners = models.ManyToManyField(Partner, related_name="meetings", verbose_name=_("with"))
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices, default=Kind.VISIT)
    title = models.CharField(_("what it was about"), max_length=200, blank=True)
    how = models.CharField(_("how"), max_length=10, choices=How.choices, default=How.IN_PERSON)
    held_on = models.DateField(_("when"))
    held_at = models.TimeField(_("time"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=200, blank=True)
    ours = models.ManyToManyField("people.User", related_name="meetings", verbose_name=_("from our office"))
    theirs = models.ManyToManyField(
        Person, blank=True, related_name="meetings", verbose_name=_("from their side")
    )
    others = models.CharField(_("others who were there"), max_length=300, blank=True)
    said = models.TextField(_("what was said"), blank=True)
    about = models.ManyToManyField(FollowUp, blank=True, related_name="meetings")
    office_only = models.BooleanField(_("only our office sees this"), default=True)
    notes = models.TextField(_("notes for our office"), blank=True)
    mood = models.CharField(_("mood"), max_length=15, choices=Mood.choices, blank=True)
    written_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_reason = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        indexes = [
            models.Index(fields=["-held_on", "-id"]),
            models.Index(
                name="meeting_standing_by_day", fields=["-held_on", "-id"], condition=Q(withdrawn_at=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="meeting_withdrawn_for_a_reason",
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
            )
        ]

    def __str__(self) -> str:
        return self.title or kind_or_how(self)

    @property
    def is_face_to_face(self) -> bool:
        return self.how in self.FACE_TO_FACE

    def get_absolute_url(self) -> str:
        return reverse("meetings:detail", args=[self.pk])
