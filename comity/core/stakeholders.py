"""Where people stand whose word counts: in which quadrant of the grid, and where they stood on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

LEVELS = range(1, 6)  # of influence and of interest, from very little to very much
MUCH = 4  # from here on it counts as high

Quadrant = Literal["closely", "satisfied", "informed", "monitor"]


def quadrant(influence: int, interest: int) -> Quadrant:
    """How someone is to be dealt with: managed closely, kept satisfied, kept informed, or monitored.

    influence, interest  levels from 1 to 5; 4 and 5 are high

    Raises ValueError for a level that is none.
    Method: Mendelow's matrix of power and interest (1991), the grid of 18F's stakeholder influence mapping.
    """
    if influence not in LEVELS or interest not in LEVELS:
        raise ValueError("A level is from 1 to 5.")
    if influence >= MUCH:
        return "closely" if interest >= MUCH else "satisfied"
    return "informed" if interest >= MUCH else "monitor"


def as_it_was(now: Mapping[str, Any], before: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The facts of a row as they were before some changes.

    now     the facts asked for, as they are
    before  of each change since, the latest first, what it replaced; other facts among them are passed over

    With no change it is `now`; taking back one more change never depends on what came later than it.
    """
    was = dict(now)
    for replaced in before:
        was.update({name: value for name, value in replaced.items() if name in was})
    return was
