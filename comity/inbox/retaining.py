"""Destroying mail whose time is over, with its files."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from comity.files.services import destroy_with
from comity.followups.services.retaining import MOST_AT_ONCE
from comity.inbox.models import Received


@transaction.atomic
def destroy_past(before: datetime) -> int:
    """Destroy for good what was sent before a moment, a night's share of it; how many there were.

    Not what a follow-up points at as its evidence, and not what still waits for a person.
    """
    rows = Received.objects.filter(sent_at__lt=before, follow_up=None).exclude(state=Received.State.WAITS)
    ended = rows.order_by("sent_at", "pk").select_for_update()
    gone = list(ended.values_list("pk", flat=True)[:MOST_AT_ONCE])
    destroy_with(Received, gone)
    Received.objects.filter(pk__in=gone).delete()
    return len(gone)
