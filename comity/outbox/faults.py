"""Our own faults: mail that servers do not take because of us, whoever it is for.

No reader's address is blocked for it (see `bounces`). Those who tend the outbox hear of each cause once; and again only when
it comes back after it was away.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from comity.nouns import Trait, all_of
from comity.outbox.models import Fault

AWAY_AFTER = timedelta(days=7)  # an office that writes once a week hears of it once, too

# What a server says when it is us it does not want, and which cause that is; the most telling first.
SIGNS = {
    Fault.Cause.LIST: r"block.?list|black.?list|deny.?list|\bblocked\b|spamhaus|spamcop|barracuda|sorbs|\b[ud]?r?bl\b|dnsbl|"
    r"reputation",
    Fault.Cause.PROOF: r"\bspf\b|\bdkim\b|\bdmarc\b|client host|reverse dns|\bptr\b",
    Fault.Cause.RELAY: r"relay(ing)? (access )?denied|not permitted to relay|authentication (is )?required",
    Fault.Cause.SENDER: r"\b5\.1\.[78]\b|(outbound|bad|forged) sender|sender (address |domain )?(rejected|denied|blocked|verif)",
    Fault.Cause.POLICY: r"\b5\.7\.\d+\b|\bspam\b",
}


@dataclass(frozen=True)
class Alarm(Trait):
    """Tells those who tend the outbox of a cause; a room above knows who they are."""

    tell: Callable[[Fault], None]


def cause_of(said: str) -> str:
    """Why mail of ours is not wanted, by what a server said; "" where it says nothing of us."""
    return next((cause for cause, sign in SIGNS.items() if re.search(sign, said, re.IGNORECASE)), "")


def note(cause: str, words: str) -> None:
    """Remember that a mail was refused for a cause; told where it is new, or back. In the caller's transaction."""
    now = timezone.now()
    known = Fault.objects.filter(cause=cause)
    back = known.filter(last_at__lt=now - AWAY_AFTER).update(since=now, last_at=now, words=words)
    if not back:
        _fault, made = Fault.objects.get_or_create(
            cause=cause, defaults={"since": now, "last_at": now, "words": words}
        )
        if not made:
            known.update(last_at=now, words=words)
            return
    for alarm in all_of(Alarm):
        alarm.tell(known.get())
