"""Meetings with partners: who, when, how, what was said. What was promised is a follow-up at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.partners.models import Partner, Person
from comity.search import matching

if TYPE_CHECKING:
    from comity.people.models import User


PROMISE = "promise"  # the kind of follow-up that a promise made in a meeting is


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
        """Those whose title, notes or place hold all the words of the text."""
        found: MeetingQuerySet = matching(self, text)
        return found

    def with_partner_names(self) -> MeetingQuerySet:
        """With `partner_name`, the first by name, and `partner_count`, in the same query."""
        there = Partner.objects.filter(meetings=OuterRef("pk")).order_by("name", "pk")
        counted = there.order_by().values("meetings").annotate(count=Count("pk"))
        return self.annotate(
            partner_name=Subquery(there.values("name")[:1]),
            partner_count=Coalesce(Subquery(counted.values("count")[:1]), 0),
        )

    def between(self, first: date, last: date) -> MeetingQuerySet:
        """Held on a day from `first` to `last`, both included."""
        return self.filter(held_on__gte=first, held_on__lte=last)

    def face_to_face(self) -> MeetingQuerySet:
        """Those that count as having seen each other."""
        return self.standing().filter(how__in=Meeting.FACE_TO_FACE)


class Meeting(models.Model):
    """One meeting that took place. Plans, briefs and calendars come to this room later."""

    class How(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        GROUP = "group", _("In person, in a group")
        VIDEO = "video", _("By video")
        PHONE = "phone", _("By phone")

    FACE_TO_FACE = (How.IN_PERSON, How.GROUP)

    partners = models.ManyToManyField(Partner, related_name="meetings", verbose_name=_("with"))
    title = models.CharField(_("what it was about"), max_length=200, blank=True)
    how = models.CharField(_("how"), max_length=10, choices=How.choices, default=How.IN_PERSON)
    held_on = models.DateField(_("when"))
    held_at = models.TimeField(_("at what time"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=200, blank=True)
    ours = models.ManyToManyField("people.User", related_name="meetings", verbose_name=_("from our office"))
    theirs = models.ManyToManyField(
        Person, blank=True, related_name="meetings", verbose_name=_("from their side")
    )
    others = models.CharField(_("others who were there"), max_length=300, blank=True)
    said = models.TextField(_("what was said"), blank=True)
    office_only = models.BooleanField(_("only our office sees this"), default=True)
    written_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
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
        return self.title or str(self.get_how_display())

    @property
    def is_face_to_face(self) -> bool:
        return self.how in self.FACE_TO_FACE

    def get_absolute_url(self) -> str:
        return reverse("meetings:detail", args=[self.pk])
