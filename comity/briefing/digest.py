"""The daily summary: one mail instead of many, and none when there is nothing to say."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.urls import reverse

from comity.followups.models import FollowUp
from comity.notifications import services as notifications
from comity.notifications.services import Digest
from comity.office.services import today
from comity.outbox import services as outbox

KIND = "briefing.digest"


def send_digests() -> int:
    """Put a summary in the outbox for everyone who has notices waiting; how many there were.

    Each is written together with the mark that its notices went out, and at most once a day and person, so that a
    run cut short can simply be run again.
    """
    day = today()
    return sum(_send(digest, day) for digest in notifications.undigested())


@transaction.atomic
def _send(digest: Digest, day: date) -> bool:
    user = digest.user
    late = FollowUp.objects.visible_to(user).owned_by(user).late(day)[:5] if user.is_office else []
    sent = outbox.put(
        to=user.email,
        to_name=user.name,
        kind=KIND,
        template="briefing/mail/digest",
        context={
            "name": user.name,
            "notices": [
                (notice.text, outbox.address(notice.url) if notice.url else "") for notice in digest.notices
            ],
            "late": [(row.title, row.due_on, outbox.address(row.get_absolute_url())) for row in late],
            "preferences": outbox.address(reverse("notifications:preferences")),
        },
        language=user.language,
        key=f"{KIND}:{user.pk}:{day}",
    )
    if sent:
        notifications.mark_digested(digest.notices)
    return sent is not None
