"""What can be done in the background: traits that rooms declare, with a noun or beside one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from comity.nouns import Named, Trait, Words, all_of, named

WorkFunction = Callable[..., str | None]  # takes a Progress first


@dataclass(frozen=True)
class LongWork(Named):
    """Work that `start(key, arguments)` begins: `function(progress: Progress, **arguments)`.

    The function has to be safe to run again: after a crash it is, from its beginning. A sentence it returns
    is shown when it is done; the text of a DomainError it raises, when it failed.

    resumes  it goes on where it stood: a worker that dies is not held against it, however often, and the next goes on at once.
             Other work that was killed three times is taken for what kills, and ends
    """

    key: str
    function: WorkFunction
    resumes: bool = False


@dataclass(frozen=True)
class Recurring(Named):
    """Work that comes round: every so many minutes, or at a time of each day in the office's zone.

    It never runs twice at once, however many workers there are. A time that passed while no worker ran is made up
    for once.

    lane    work of one lane is done one after the other; another lane does not wait for it
    when    asked first, cheaply, whether there is anything to do at all
    label   what it does, as the page of background work says it; without one its key stands there
    """

    key: str
    function: Callable[[], object]
    minutes: float | None = None
    daily_at: time | None = None
    lane: str = "upkeep"
    when: Callable[[], bool] | None = None
    label: Words = ""

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.daily_at is None):
            raise ValueError(f"{self.key}: say either minutes or daily_at.")

    @property
    def interval(self) -> timedelta | None:
        return None if self.minutes is None else timedelta(minutes=self.minutes)

    def next_after(self, moment: datetime) -> datetime:
        """When it is due again if it ran at `moment`."""
        if self.daily_at is None:
            return moment + (self.interval or timedelta())
        zone = office_zone()
        today = moment.astimezone(zone).date()
        at = datetime.combine(today, self.daily_at, tzinfo=zone)
        return at if at > moment else datetime.combine(today + timedelta(days=1), self.daily_at, tzinfo=zone)


@dataclass(frozen=True)
class Zone(Trait):
    """In which zone the office's clocks go; the room that knows says it."""

    zone: Callable[[], ZoneInfo]


def office_zone() -> ZoneInfo:
    return next((one.zone() for one in all_of(Zone)), None) or ZoneInfo(settings.TIME_ZONE)


def resumes(name: str) -> bool:
    work = named(LongWork, name)
    return work is not None and work.resumes


def function_of(name: str) -> WorkFunction | None:
    work = named(LongWork, name)
    return work.function if work else None


def recurring(lane: str | None = None) -> list[Recurring]:
    """All recurring work, or that of one lane, in the order of the rooms."""
    return [one for one in all_of(Recurring) if lane is None or one.lane == lane]


def lanes() -> list[str]:
    return list(dict.fromkeys(one.lane for one in all_of(Recurring)))
