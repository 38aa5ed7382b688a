"""Until when bills are issued: a room above knows it, and says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from comity.nouns import Trait, all_of


@dataclass(frozen=True)
class Closed(Trait):
    """The last day of the last month that is closed, or None: no rate begins on it or before."""

    until: Callable[[], date | None]


def closed_until() -> date | None:
    return max(filter(None, (each.until() for each in all_of(Closed))), default=None)
