"""What bills say of themselves: until when they are issued, and what was on them. A room above knows it, and says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from comity.nouns import Trait, all_of


@dataclass(frozen=True)
class Closed(Trait):
    """The last day of the last month that is closed, or None: no rate begins on it or before."""

    until: Callable[[], date | None]


@dataclass(frozen=True)
class Quantities(Trait):
    """What partners were billed for, in months from a first day to a last: partner, offering, month, and units.

    Of an amount that is split, the units are the partner's driver figure.
    """

    of: Callable[[date, date], Iterable[tuple[int, int, date, Decimal]]]


def closed_until() -> date | None:
    return max(filter(None, (each.until() for each in all_of(Closed))), default=None)
