"""What this room offers to the rooms below it, said once as the site starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity import search
from comity.audit.words import register_actions
from comity.core import retention
from comity.followups import kinds
from comity.meetings.models import PROMISE, Meeting, MeetingQuerySet
from comity.meetings.services.retaining import destroy_past
from comity.meetings.words import ACTIONS
from comity.partners.models import Partner

if TYPE_CHECKING:
    from comity.people.models import User


def register_all() -> None:
    register_actions(ACTIONS)
    retention.register(
        retention.Kept("meetings", _("Meetings, by the day they were held"), None, destroy_past)
    )
    kinds.register(
        kinds.Kind(PROMISE, _("Promise"), evidence_url=_meeting_url, evidence_visible_to=_may_see_meeting)
    )
    search.register_source(
        search.Source(
            key="meetings",
            label=_("Meetings"),
            rows=_of_the_office,
            title="title",
            url="meetings:detail",
            hint=_with_whom_and_when(),
        )
    )


def _with_whom_and_when() -> Combinable:
    """Beside the title, for most are called alike: the first partner by name, and the day."""
    there = Partner.objects.filter(meetings=OuterRef("pk")).order_by("name").values("name")[:1]
    return Concat(Subquery(there), Value(" · "), Cast("held_on", CharField()), output_field=CharField())


def _meeting_url(source_id: str) -> str:
    return reverse("meetings:detail", args=[source_id])


def _may_see_meeting(user: User, source_id: str) -> bool:
    """The page of a meeting is the office's; partners read of it in their portal."""
    return user.is_office and Meeting.objects.visible_to(user).filter(pk=source_id).exists()


def _of_the_office(user: User) -> MeetingQuerySet:
    return Meeting.objects.standing() if user.is_office else Meeting.objects.none()
