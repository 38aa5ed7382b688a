"""Opening hours as people write them, and as sorted moments in which nobody has to know of days, zones or summer time.

Every opening is cut into moments first, and only moments are subtracted: two times of one zone, taken from each other, forget
the hour by which the clocks were changed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from comity.core.errors import DomainError

Span = tuple[int, int]  # from and to: minutes of a day, or seconds since 1970
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CLOSED = "closed"
MIDNIGHT = 24 * 60
_TIMES = r"\d{1,2}:\d\d *[-–] *\d{1,2}:\d\d"
_SPANS = rf"{CLOSED}|{_TIMES}(?: *, *{_TIMES})*"
_WEEK = re.compile(rf"([a-z]{{3}})[a-z]*(?: *[-–] *([a-z]{{3}})[a-z]*)? +({_SPANS})", re.IGNORECASE)
_DAY = re.compile(rf"(\d{{4}}-\d\d-\d\d) +({_SPANS})( .*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Hours:
    """When a calendar is open.

    zone  by its IANA name
    week  the openings of each weekday, Monday first, as minutes of the day
    days  those of single days that differ: none of a holiday, fewer of a half day, its own of an opening at the weekend
    """

    zone: str
    week: tuple[tuple[Span, ...], ...]
    days: Mapping[date, tuple[Span, ...]]

    @classmethod
    def read(cls, zone: str, week: str, days: str = "") -> Hours:
        """From lines such as "Mon-Fri 08:00-12:00, 13:00-17:00", and "2026-12-24 08:00-12:00 Christmas Eve" or "closed".

        Raises DomainError, with the line, for what cannot be read, for times that overlap, and where nothing is ever open.
        """
        if zone not in _zones():
            raise DomainError(f"“{zone}” is not a time zone. Write it like America/Chicago.", "zone")
        found: list[tuple[Span, ...]] = [()] * 7
        for line in _lines(week):
            said = _WEEK.fullmatch(line)
            first, last = (_weekday(said[1]), _weekday(said[2] or said[1])) if said else (-1, -1)
            if said is None or not 0 <= first <= last:
                raise DomainError(f"“{line}”: write a line like Mon-Fri 08:00-12:00, 13:00-17:00.", "week")
            found[first : last + 1] = [_spans(line, said[3], "week")] * (last + 1 - first)
        special: dict[date, tuple[Span, ...]] = {}
        for line in _lines(days):
            said = _DAY.fullmatch(line)
            day = _date(said[1]) if said else None
            if said is None or day is None or day in special:
                twice = (
                    "This day is here twice."
                    if day
                    else "Write a line like 2026-12-24 08:00-12:00 Christmas Eve."
                )
                raise DomainError(f"“{line}”: {twice}", "days")
            special[day] = _spans(line, said[2], "days")
        if not any(found):
            raise DomainError("Give at least one weekday an hour at which it is open.", "week")
        return cls(zone, tuple(found), special)

    def on(self, day: date) -> tuple[Span, ...]:
        """The openings of a day, as minutes of it."""
        return self.days.get(day, self.week[day.weekday()])

    @property
    def working_day(self) -> int:
        """The seconds of a usual day: the length that most open weekdays have; of several, the longest."""
        lengths = Counter(sum(end - start for start, end in spans) for spans in self.week if spans)
        return 60 * max(lengths, key=lambda length: (lengths[length], length))


@cache
def _zones() -> set[str]:
    """All there are on this machine, whose folders are read once."""
    return available_timezones()


def _lines(text: str) -> Iterator[str]:
    return (" ".join(line.split()) for line in text.splitlines() if line.strip())


def _weekday(name: str) -> int:
    return WEEKDAYS.index(name.title()) if name.title() in WEEKDAYS else -1


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _spans(line: str, text: str, field: str) -> tuple[Span, ...]:
    if text.lower() == CLOSED:
        return ()
    found = [(int(hour), int(minute)) for hour, minute in re.findall(r"(\d+):(\d\d)", text)]
    times = [hour * 60 + minute for hour, minute in found]
    spans = tuple(zip(times[::2], times[1::2], strict=True))
    in_order = all(start < end for start, end in spans) and all(a[1] <= b[0] for a, b in pairwise(spans))
    if not in_order or times[-1] > MIDNIGHT or any(minute > 59 for _hour, minute in found):
        raise DomainError(f"“{line}”: these times are not in order within a day.", field)
    return spans


class Openings:
    """All the time that a calendar is open, as sorted seconds since 1970: what lies between two moments takes no walk over days.

    versions  from which day on which hours hold, in order; the first also holds before
    first, last  the days between which it knows them, both included

    A time that the clocks leave out is the moment it would be; one that they repeat is the first.
    """

    def __init__(self, versions: Sequence[tuple[date, Hours]], first: date, last: date) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.before: list[int] = []  # how much was open before each of them
        days = [on for on, _hours in versions]
        total = 0
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            hours = versions[max(0, bisect_right(days, day) - 1)][1]
            for start, end in hours.on(day):
                begins, ends = _moment(day, start, hours.zone), _moment(day, end, hours.zone)
                if self.ends:
                    begins = max(begins, self.ends[-1])
                if begins >= ends:
                    continue
                if self.ends and begins == self.ends[-1]:
                    self.ends[-1] = ends
                else:
                    self.starts.append(begins)
                    self.ends.append(ends)
                    self.before.append(total)
                total += ends - begins

    def until(self, at: int) -> int:
        """How many seconds it was open before a moment."""
        found = bisect_right(self.starts, at) - 1
        if found < 0:
            return 0
        return self.before[found] + min(at, self.ends[found]) - self.starts[found]

    def between(self, start: int, end: int) -> int:
        """How many seconds it is open from one moment to another."""
        return self.until(end) - self.until(start)

    def reached(self, seconds: int) -> int | None:
        """The first moment before which it was open for so many seconds; None where that is later than it knows."""
        found = bisect_left(self.before, seconds) - 1
        if found < 0:
            return self.starts[0] if self.starts else None
        at = self.starts[found] + seconds - self.before[found]
        return at if at <= self.ends[found] else None

    def within(self, spans: Sequence[Span]) -> list[Span]:
        """The parts of some times at which it is open."""
        found = []
        for start, end in spans:
            for number in range(max(0, bisect_right(self.starts, start) - 1), bisect_left(self.starts, end)):
                part = max(start, self.starts[number]), min(end, self.ends[number])
                if part[0] < part[1]:
                    found.append(part)
        return found


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _moment(day: date, minutes: int, zone: str) -> int:
    day, minutes = (day + timedelta(days=1), 0) if minutes == MIDNIGHT else (day, minutes)
    return int(datetime(day.year, day.month, day.day, *divmod(minutes, 60), tzinfo=_zone(zone)).timestamp())
