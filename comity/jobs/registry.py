"""What can be done in the background, filled by every room as it starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise

WorkFunction = Callable[..., str | None]  # takes a Progress first


@dataclass(frozen=True)
class Recurring:
    """Work that comes round: every so often, or at a time of each day in the office's zone.

    lane    work of one lane is done one after the other; another lane does not wait for it
    when    asked first, cheaply, whether there is anything to do at all
    label   what it does, as people read it
    """

    name: str
    function: Callable[[], object]
    interval: timedelta | None = None
    daily_at: time | None = None
    lane: str = "upkeep"
    when: Callable[[], bool] | None = None
    label: str | Promise = ""

    def next_after(self, moment: datetime) -> datetime:
        """When it is due again if it ran at `moment`."""
        if self.interval is not None:
            return moment + self.interval
        if self.daily_at is None:
            raise ValueError(f"{self.name} has neither an interval nor a time.")
        zone = office_zone()
        today = moment.astimezone(zone).date()
        at = datetime.combine(today, self.daily_at, tzinfo=zone)
        return at if at > moment else datetime.combine(today + timedelta(days=1), self.daily_at, tzinfo=zone)


_functions: dict[str, WorkFunction] = {}
_recurring: dict[str, Recurring] = {}
_zones: list[Callable[[], ZoneInfo]] = []


def register_work(name: str, function: WorkFunction) -> None:
    """Let `start(name, arguments)` run `function(progress: Progress, **arguments)` in the background.

    The function has to be safe to run again: after a crash it is, from its beginning. A sentence it returns
    is shown when it is done; the text of a DomainError it raises, when it failed.
    """
    if name in _functions:
        raise ValueError(f"There is already work named {name!r}.")
    _functions[name] = function


def every(
    name: str,
    function: Callable[[], object],
    *,
    minutes: float | None = None,
    daily_at: time | None = None,
    lane: str = "upkeep",
    when: Callable[[], bool] | None = None,
    label: str | Promise = "",
) -> None:
    """Run `function` every so many minutes, or each day at a time of the office's zone.

    It never runs twice at once, however many workers there are. A time that passed while no worker ran is
    made up for once. Work that is slow or waits for others takes a lane of its own. `label` says on the page of
    background work what it does; without one its name stands there.
    """
    if name in _recurring:
        raise ValueError(f"There is already recurring work named {name!r}.")
    if (minutes is None) == (daily_at is None):
        raise ValueError(f"{name}: say either minutes or daily_at.")
    interval = timedelta(minutes=minutes) if minutes is not None else None
    _recurring[name] = Recurring(name, function, interval, daily_at, lane, when, label)


def register_zone(zone: Callable[[], ZoneInfo]) -> None:
    """Let an upper room say in which zone the office's clocks go."""
    _zones[:] = [zone]


def office_zone() -> ZoneInfo:
    return _zones[0]() if _zones else ZoneInfo(settings.TIME_ZONE)


def function_of(name: str) -> WorkFunction | None:
    return _functions.get(name)


def recurring(lane: str | None = None) -> list[Recurring]:
    """All recurring work, or that of one lane, in the order it was registered."""
    return [one for one in _recurring.values() if lane is None or one.lane == lane]


def lanes() -> list[str]:
    return list(dict.fromkeys(one.lane for one in _recurring.values()))


def recurring_named(name: str) -> Recurring:
    return _recurring[name]
