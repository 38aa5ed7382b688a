"""Meetings of a council: agenda, who was there, minutes and decisions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from comity.councils.models.councils import Council, Seat
from comity.followups.models import FollowUp
from comity.meetings.models import Meeting
from comity.partners.models import Person

if TYPE_CHECKING:
    from comity.people.models import User


class CouncilMeetingQuerySet(models.QuerySet["CouncilMeeting"]):
    def visible_to(self, user: User) -> CouncilMeetingQuerySet:
        """Whoever sees a council sees its meetings."""
        return self.filter(council__in=Council.objects.visible_to(user))

    def standing(self) -> CouncilMeetingQuerySet:
        """Those that were not called off."""
        return self.filter(called_off_at=None)

    def public(self) -> CouncilMeetingQuerySet:
        """Those that anybody may read of: their notice stands, and the open-meetings law applies."""
        return self.filter(council__open_meetings=True).exclude(notice_at=None)

    def coming(self, day: date) -> CouncilMeetingQuerySet:
        return self.standing().filter(on__gte=day, minutes_at=None)


class CouncilMeeting(models.Model):
    """One meeting of a council, planned or held.

    notice_at   since when its notice stands
    minutes     what was said and decided, as everybody reads it who may read the meeting
    minutes_at  since when they stand, which only then are read by others than the office
    invited     whose calendar has it
    kept_as     the same meeting among those with partners: with those who came, and with those who only called in
    """

    council = models.ForeignKey(Council, models.PROTECT, related_name="meetings")
    on = models.DateField(_("on"))
    begins_at = models.TimeField(_("at"))
    place = models.CharField(_("where"), max_length=200, blank=True)
    link = models.URLField(_("link to join"), blank=True)
    notice_at = models.DateTimeField(null=True, editable=False)
    minutes = models.TextField(_("minutes"), blank=True)
    minutes_at = models.DateTimeField(null=True, editable=False)
    called_off_at = models.DateTimeField(null=True, editable=False)
    called_off_reason = models.TextField(blank=True, editable=False)
    invited = models.ManyToManyField(Person, editable=False, related_name="+")
    kept_as = models.ManyToManyField(Meeting, editable=False, related_name="council_meetings")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CouncilMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("council meeting")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="council_meeting_called_off_for_a_reason",
                condition=Q(called_off_at=None) | ~Q(called_off_reason=""),
            )
        ]

    def __str__(self) -> str:
        return str(self.council)

    def get_absolute_url(self) -> str:
        return reverse("councils:meeting", args=[self.pk])


class AgendaItem(models.Model):
    """Something that a meeting is to speak about."""

    meeting = models.ForeignKey(CouncilMeeting, models.CASCADE, related_name="agenda")
    place = models.PositiveSmallIntegerField()
    title = models.CharField(_("what"), max_length=200)
    minutes_needed = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)

    class Meta:
        verbose_name = _("agenda item")
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Whether whoever has a seat was at a meeting."""

    class How(models.TextChoices):
        THERE = "there", _("There")
        REMOTE = "remote", _("By video or phone")
        EXCUSED = "excused", _("Excused")
        MISSED = "missed", _("Not there")

    COUNTED = (How.THERE, How.REMOTE)

    meeting = models.ForeignKey(CouncilMeeting, models.CASCADE, related_name="attendance")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attendance")
    how = models.CharField(_("how"), max_length=10, choices=How.choices)
    stood_in = models.CharField(_("who stood in"), max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="attendance_once_for_a_seat", fields=["meeting", "seat"])]


class Decision(models.Model):
    """What a council decided; what there is to do about it is a follow-up."""

    meeting = models.ForeignKey(CouncilMeeting, models.PROTECT, related_name="decisions")
    text = models.TextField(_("decision"))
    follow_up = models.OneToOneField(
        FollowUp, models.PROTECT, null=True, blank=True, related_name="council_decision"
    )
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("decision")
        ordering = ["decided_at", "pk"]

    def __str__(self) -> str:
        return Truncator(self.text).chars(100)
