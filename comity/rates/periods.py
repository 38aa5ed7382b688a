"""What bills say of themselves: until when they are issued, and what was on them. A room above knows it, and says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from comity.nouns import Trait, all_of


@dataclass(frozen=True)
class Closed(Trait):
    """Until when bills are issued: the last day of a month, or None. No rate begins on it or before.

    of  the same of one offering's usage, by its key: a month in which nothing of it was billed may still get its rate
    """

    until: Callable[[], date | None]
    of: Callable[[int], date | None]


@dataclass(frozen=True)
class Quantities(Trait):
    """What partners were billed for, in months from a first day to a last: partner, offering, month, and units.

    Of an amount that is split, the units are the partner's driver figure.
    """

    of: Callable[[date, date], Iterable[tuple[int, int, date, Decimal]]]


def closed_until(offering: int | None = None) -> date | None:
    """Until when bills are issued; of one offering, until when its usage is billed."""
    said = (each.until() if offering is None else each.of(offering) for each in all_of(Closed))
    return max(filter(None, said), default=None)
