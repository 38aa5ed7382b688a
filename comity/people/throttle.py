"""Counting attempts at what could be guessed: passwords, links.

The counts lie in the database, so that they hold across processes and restarts. Whom they count is kept as a keyed hash
only: the table tells nobody which addresses or accounts were tried.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from comity.people.models import AttemptCount


@transaction.atomic
def hit(scope: str, subject: str, *, limit: int, seconds: int) -> bool:
    """Count one attempt of `subject`; whether it is one too many, within `seconds` of the first counted.

    The attempts refused count as well, but do not make the wait longer.
    """
    now = timezone.now()
    counted, _ = AttemptCount.objects.select_for_update().get_or_create(
        key=_key(scope, subject),
        defaults={"counted_from": now, "forget_after": now + timedelta(seconds=seconds)},
    )
    if counted.forget_after <= now:
        counted.count, counted.counted_from = 0, now
        counted.forget_after = now + timedelta(seconds=seconds)
    counted.count += 1
    counted.save(update_fields=["count", "counted_from", "forget_after"])
    return counted.count > limit


def waits_until(scope: str, subject: str, *, limit: int) -> datetime | None:
    """The moment until which `subject` has to wait because it tried `limit` times, or None if it need not."""
    counted = waiting(scope, subject, limit=limit).first()
    return counted.forget_after if counted else None


def waiting(scope: str, subject: str, *, limit: int) -> QuerySet[AttemptCount]:
    """The count because of which `subject` has to wait, if it has to; for use inside another query."""
    return AttemptCount.objects.filter(
        key=_key(scope, subject), count__gte=limit, forget_after__gt=timezone.now()
    )


def forgive(scope: str, subject: str) -> None:
    """Forget what was counted of `subject`, because it turned out to be right."""
    AttemptCount.objects.filter(key=_key(scope, subject)).delete()


def take_back(scope: str, subject: str) -> None:
    """Count one attempt less, because it turned out to be right; the others stay counted."""
    AttemptCount.objects.filter(key=_key(scope, subject), count__gt=0).update(count=F("count") - 1)


def forget_old() -> int:
    """Delete the counts that no longer matter; how many."""
    return AttemptCount.objects.filter(forget_after__lte=timezone.now()).delete()[0]


def _key(scope: str, subject: str) -> str:
    return salted_hmac("comity.people.throttle", f"{scope}:{subject}", algorithm="sha256").hexdigest()
