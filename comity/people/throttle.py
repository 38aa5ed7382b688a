"""Counting attempts at what could be guessed: passwords, codes, links; and how many of each are allowed.

The counts lie in the database, so that they hold across processes and restarts. Whom they count is kept as a keyed hash
only: the table tells nobody which addresses or accounts were tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from comity.people.models import AttemptCount


@dataclass(frozen=True)
class Limit:
    """So many attempts of one subject within some seconds of the first counted; a quarter of an hour, unless given."""

    scope: str
    attempts: int
    seconds: int = 15 * 60

    @transaction.atomic
    def hit(self, subject: str) -> bool:
        """Count one; whether it is one too many. Those refused count as well, but do not make the wait longer."""
        now = timezone.now()
        forget_after = now + timedelta(seconds=self.seconds)
        counted, _ = AttemptCount.objects.select_for_update().get_or_create(
            key=self._key(subject), defaults={"counted_from": now, "forget_after": forget_after}
        )
        if counted.forget_after <= now:
            counted.count, counted.counted_from, counted.forget_after = 0, now, forget_after
        counted.count += 1
        counted.save(update_fields=["count", "counted_from", "forget_after"])
        return counted.count > self.attempts

    def waiting(self, subject: str) -> QuerySet[AttemptCount]:
        """The count because of which `subject` has to wait, if it has to; for use inside another query."""
        return AttemptCount.objects.filter(
            key=self._key(subject), count__gte=self.attempts, forget_after__gt=timezone.now()
        )

    def is_used_up(self, subject: str) -> bool:
        """Whether the next one would be one too many; counts nothing."""
        return self.waiting(subject).exists()

    def forgive(self, subject: str) -> None:
        """Forget what was counted of `subject`, because it turned out to be right."""
        AttemptCount.objects.filter(key=self._key(subject)).delete()

    def take_back(self, subject: str) -> None:
        """Count one attempt less, because it turned out to be right; the others stay counted."""
        AttemptCount.objects.filter(key=self._key(subject), count__gt=0).update(count=F("count") - 1)

    def _key(self, subject: str) -> str:
        return salted_hmac(
            "comity.people.throttle", f"{self.scope}:{subject}", algorithm="sha256"
        ).hexdigest()


ACCOUNT = Limit("password.account", 10)
ADDRESS = Limit("password.address", 50)  # an office behind one address mistypes now and then
CODE = Limit("code.account", 10)
CODE_USED = Limit("code.used", 1, seconds=120)  # a code lives shorter than that, so it works once
RESET_MAIL = Limit("reset.account", 3)
RESET_ADDRESS = Limit("reset.address", 20)
LINK = Limit("link.password", 20)


def forget_old() -> int:
    """Delete the counts that no longer matter; how many."""
    return AttemptCount.objects.filter(forget_after__lte=timezone.now()).delete()[0]
