"""What happened, in the order in which it happened: acts are written down in any order and then lived.

The sample state is not typed in, it is lived: its two years are acted out through the same services a person's clicks
reach, with the clock set to the moment of each act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from unittest import mock

from comity.office.memory import remembering

Do = Callable[[], object]


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within this block Django's clock stands at `moment` (an aware datetime)."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield


@dataclass
class Diary:
    """Acts to be lived until now; what would lie in the future is left out. An act may write down later ones."""

    now: datetime
    _acts: list[tuple[datetime, int, Do]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)

    def at(self, moment: datetime, do: Do) -> None:
        """Write down an act."""
        if moment <= self.now:
            heappush(self._acts, (moment, next(self._order), do))

    def live(self) -> int:
        """Do everything, oldest first, with the clock at its moment; how many acts there were."""
        lived = 0
        with remembering():
            while self._acts:
                moment, _, do = heappop(self._acts)
                with at(moment):
                    do()
                lived += 1
        return lived


def office_hours(moment: datetime, later: timedelta) -> datetime:
    """A moment later, moved on to the Monday where it falls on a weekend."""
    found = moment + later
    while found.weekday() >= 5:
        found += timedelta(days=1)
    return found
