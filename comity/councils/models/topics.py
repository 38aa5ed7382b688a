"""What is brought up in a council: written at once in a live session, or one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comity.councils.models.councils import Council, Seat
from comity.councils.models.meetings import CouncilMeeting
from comity.followups.models import FollowUp

if TYPE_CHECKING:
    from comity.people.models import User


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user: User) -> TopicQuerySet:
        """Whoever sees a council sees what is brought up in it."""
        return self.filter(council__in=Council.objects.visible_to(user))

    def standing(self) -> TopicQuerySet:
        """Those that were neither merged into another nor taken away."""
        return self.filter(merged_into=None, removed_at=None)


class Topic(models.Model):
    """One thing somebody brought up.

    seat         whose seat wrote it; None where a guest did
    guest        what a guest calls themselves
    key          made by the phone that wrote it, so that one sent twice is kept once
    merged_into  the topic that says the same
    follow_up    what became of it once the list was published
    """

    council = models.ForeignKey(Council, models.PROTECT, related_name="topics")
    meeting = models.ForeignKey(CouncilMeeting, models.PROTECT, null=True, blank=True, related_name="topics")
    title = models.CharField(_("what it is about"), max_length=200)
    said = models.TextField(_("more about it"), blank=True)
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, blank=True, related_name="topics")
    guest = models.CharField(_("name"), max_length=100, blank=True)
    key = models.CharField(max_length=64, unique=True, editable=False)
    cost_cents = models.BigIntegerField(_("what it would cost"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged")
    follow_up = models.OneToOneField(
        FollowUp, models.PROTECT, null=True, editable=False, related_name="topic"
    )
    written_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_reason = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="topic_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=models.F("pk")),
            ),
            models.CheckConstraint(
                name="topic_cost_above_zero",
                condition=Q(cost_cents=None) | Q(cost_cents__gt=0),
                violation_error_message=_("An item has to cost more than zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def shown(self) -> dict[str, Any]:
        """What everybody in the room sees of it, as plain values."""
        return {"id": self.pk, "title": self.title, "said": self.said}
