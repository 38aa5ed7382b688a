"""Destroying meetings whose time is over, whole."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from comity.followups.models import FollowUp
from comity.followups.services.retaining import MOST_AT_ONCE, pointed_at
from comity.meetings.models import PROMISES, Meeting, MeetingQuerySet, PlannedVisit
from comity.partners.models import Partner


def destroyable(before: datetime) -> MeetingQuerySet:
    """Meetings held on a day before a moment, the oldest first.

    Not those from which a promise is still kept, since it points at them as its evidence; and not the last one at which
    a partner was seen, from whose day it is counted how long it was not.
    """
    promises = FollowUp.objects.filter(kind__in=PROMISES, source_id=Cast(OuterRef("pk"), CharField()))
    last_seen = Partner.objects.filter(meetings=OuterRef("pk"), last_met_on=OuterRef("held_on"))
    rows = Meeting.objects.filter(held_on__lt=before.date())
    return rows.exclude(Exists(promises) | Exists(last_seen)).exclude(pointed_at(Meeting)).order_by("pk")


@transaction.atomic
def destroy_past(before: datetime) -> int:
    """Destroy for good what may go, a night's share of it; how many there were."""
    gone = list(destroyable(before).select_for_update().values_list("pk", flat=True)[:MOST_AT_ONCE])
    Meeting.objects.filter(pk__in=gone).delete()
    # A plan goes with its meeting; one that was called off, with the meetings of its day.
    PlannedVisit.objects.filter(state=PlannedVisit.State.CALLED_OFF, planned_on__lt=before.date()).delete()
    return len(gone)
