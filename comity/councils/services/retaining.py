"""Destroying meetings of councils whose time is over, with their papers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from comity.councils.models import CouncilMeeting, CouncilMeetingQuerySet, Decision, Topic
from comity.files.services import destroy_with
from comity.followups.models import OPEN
from comity.followups.services.retaining import MOST_AT_ONCE


def destroyable(before: datetime) -> CouncilMeetingQuerySet:
    """Meetings of a day before a moment. Not those from whose decisions something is still open, nor those of a live session
    or a vote: these say when they took place."""
    begun = Decision.objects.filter(meeting=OuterRef("pk"), follow_up__state__in=OPEN)
    rows = CouncilMeeting.objects.filter(on__lt=before.date(), sessions=None, votes=None)
    return rows.exclude(Exists(begun)).order_by("pk")


@transaction.atomic
def destroy_past(before: datetime) -> int:
    """Destroy for good what may go, a night's share of it; how many there were. What was brought up there stays with its council."""
    gone = list(destroyable(before).values_list("pk", flat=True)[:MOST_AT_ONCE])
    destroy_with(CouncilMeeting, gone)
    Topic.objects.filter(meeting__in=gone).update(meeting=None)
    Decision.objects.filter(meeting__in=gone).delete()
    CouncilMeeting.objects.filter(pk__in=gone).delete()
    return len(gone)
