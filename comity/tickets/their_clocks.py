"""What the system that a ticket comes from says of its service levels, beside what is counted here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.nouns import Trait
from comity.tickets.models import Ticket


@dataclass(frozen=True)
class TheirClock:
    """One clock there: what it is called, how long it ran within its hours (None if not said), when it is due."""

    name: str
    took: timedelta | None
    due: datetime | None
    missed: bool


@dataclass(frozen=True)
class TheirClocks(Trait):
    """Whoever reads tickets elsewhere says what clocks run there for one."""

    of: Callable[[Ticket], Iterable[TheirClock]]
