"""The events of a calendar file (iCalendar, RFC 5545), each of them once for every time it takes place.

`python -m comity.core.calendars ZONE FIRST LAST` reads a file on standard input and writes what `events` gives as JSON: a file made to
unfold into millions of events, or to keep a machine busy, takes down a child of ours with bounds of memory and time.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import takewhile
from typing import Any, cast
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr
from icalendar import Calendar, Event

MOST_MEMORY = 1_000_000_000  # bytes
MOST_SECONDS = 20  # of a processor
MOST_TIMES = 750  # one event within the window: once a day for two years
MOST_BEFORE = 200_000  # times a rule may mean before it is given up: daily for five hundred years

SELDOM = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
KEPT = {
    *("BEGIN", "END", "METHOD", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "X-LIC-LOCATION"),
    *("UID", "RECURRENCE-ID", "SEQUENCE", "DTSTART", "RRULE", "RDATE", "EXDATE", "STATUS", "CLASS"),
    *("SUMMARY", "LOCATION", "ORGANIZER", "ATTENDEE"),
}
VIDEO = "X-BY-VIDEO"  # what is written in the place of all that tells of a conference
_CALLS = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL")
_CALL = re.compile(
    r"https://(?:[\w.-]+\.)?(?:zoom\.us|zoomgov\.com|teams\.microsoft\.(?:com|us)|meet\.google\.com|webex\.com|gotomeeting\.com)/",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z0-9-]+")


@dataclass(frozen=True)
class Found:
    """One event, or one time at which one that repeats takes place.

    occurrence  which time it is, by the day it was first meant for ("20260304"); "" for an event that does not repeat
    starts      "2026-03-04 09:30" by the clock of the zone asked for, or "2026-03-04" for a whole day
    people      who was asked and has not declined, as (name, address); the organizer is `organizer`
    problem     why it cannot be taken: "private", "zone", "no_start", "too_often", "rule", "outside", "older"
    """

    uid: str
    occurrence: str = ""
    starts: str = ""
    title: str = ""
    place: str = ""
    organizer: tuple[str, str] = ("", "")
    people: tuple[tuple[str, str], ...] = ()
    video: bool = False
    canceled: bool = False
    problem: str = ""
    detail: str = ""


class _Problem(Exception):
    """Why an event cannot be taken, and about what."""


def events(data: bytes, zone: ZoneInfo, first: date, last: date) -> Iterator[Found]:
    """What a calendar file holds, in the order of its events.

    zone         the zone the answer is in; times that name none are meant in it (RFC 5545, 3.3.5)
    first, last  the days between which events that repeat are told, both included; others are told whenever they are

    Each event gives at least one. A time that the clocks leave out is told as the moment it would be; one they repeat, as the first.
    Raises ValueError for what is no calendar.
    """
    text = re.sub(r"(?:\r\n|\r|\n)[ \t]", "", data.decode("utf-8-sig", errors="replace"))
    calendars = Calendar.from_ical("\r\n".join(_needed(text.splitlines())) + "\r\n", multiple=True)
    together: dict[str, list[tuple[Any, bool]]] = defaultdict(list)
    for number, calendar in enumerate(calendars):
        gone = str(calendar.get("METHOD", "")).upper() == "CANCEL"
        for event in calendar.walk("VEVENT"):
            uid = str(event.get("UID", "")).strip() or f"without-{number}-{len(together)}"
            together[uid].append((event, gone))
    for uid, alike in together.items():
        yield from _Series(uid, alike, zone, first, last).told()


def _needed(lines: Sequence[str]) -> Iterator[str]:
    """The lines that say something we keep: no alarms, no attachments, no long descriptions."""
    inside: list[str] = []
    for line in lines:
        found = _NAME.match(line)
        name = found.group().upper() if found else ""
        if name == "BEGIN":
            inside.append(line[6:].strip().upper())
        if "VALARM" not in inside:
            if name in KEPT:
                yield line
            in_event = bool(inside) and inside[-1] == "VEVENT"
            if in_event and name != "END" and (name in _CALLS or _CALL.search(line)):
                yield f"{VIDEO}:1"
        if name == "END" and inside:
            inside.pop()


class _Series:
    """All that a file says under one UID: an event, and the times of it that are otherwise."""

    def __init__(
        self, uid: str, alike: list[tuple[Any, bool]], zone: ZoneInfo, first: date, last: date
    ) -> None:
        self.uid, self.zone = uid, zone
        self.first = datetime.combine(first, time.min)
        self.last = datetime.combine(last, time.max)
        self.older: list[tuple[Any, bool]] = []
        newest: dict[Any, tuple[Any, bool]] = {}
        for event, gone in alike:
            which = _of(event, "RECURRENCE-ID")
            known = newest.get(which)
            if known is not None:
                older = known if _number(known[0]) <= _number(event) else (event, gone)
                self.older.append(older)
                if older is not known:
                    continue
            newest[which] = event, gone
        self.whole = newest.pop(None, None)
        self.otherwise = newest

    def told(self) -> Iterator[Found]:
        left = dict(self.otherwise)
        if self.whole is not None:
            event, gone = self.whole
            try:
                if event.get("RRULE") is None and event.get("RDATE") is None:
                    yield self._found(event, gone)
                else:
                    yield from self._times(event, gone, left)
            except _Problem as problem:
                yield Found(self.uid, problem=str(problem.args[0]), detail=str(problem.args[1]))
            except (ValueError, OverflowError, AttributeError, TypeError) as error:
                yield Found(self.uid, problem="rule", detail=str(error)[:200])
        for which, (event, gone) in left.items():
            yield self._safe(event, gone, _key(which))
        for event, gone in self.older:
            yield replace(self._safe(event, gone), problem="older")

    def _times(self, event: Any, gone: bool, left: dict[Any, tuple[Any, bool]]) -> Iterator[Found]:
        """Each time of an event that repeats; of `left` those are taken that are told in its place."""
        start, zone = _local(_start(event))
        taken: set[str] = set()
        others = {_in(which, zone): which for which in left}
        onward = sorted(at for at, which in others.items() if _is_onward(left[which][0]))
        for at in self._when(event, start, zone):
            key = f"{at:%Y%m%d}" if f"{at:%Y%m%d}" not in taken else f"{at:%Y%m%dT%H%M}"
            taken.add(key)
            if at in others:
                other, ended = left.pop(others[at])
                yield self._safe(other, gone or ended, key)
                continue
            since = next((each for each in reversed(onward) if each < at), None)
            said, moved = event, timedelta()
            if since is not None:
                said = self.otherwise[others[since]][0]
                moved = _local(_start(said))[0] - since
            yield self._found(said, gone, key, at=_at(at + moved, zone, _start(event)))
        if not taken:
            raise _Problem("outside", "")

    def _when(self, event: Any, start: datetime, zone: tzinfo | None) -> list[datetime]:
        """The times within the window, by the clock of the zone the event is in."""
        times = rruleset()
        times.rdate(start)
        rules = event.get("RRULE") or []
        for rule in rules if isinstance(rules, list) else [rules]:
            if {*map(str, rule.get("FREQ", []))} - SELDOM or "BYMINUTE" in rule or "BYSECOND" in rule:
                raise _Problem("too_often", ",".join(map(str, rule.get("FREQ", []))))
            ends = [_in(until, zone, end=True) for until in rule.get("UNTIL", [])]
            plain = {name: value for name, value in rule.items() if name != "UNTIL"}
            text = type(rule)(plain).to_ical().decode()
            text += "".join(f";UNTIL={end:%Y%m%dT%H%M%S}" for end in ends)
            times.rrule(cast("rrule", rrulestr(text, dtstart=start)))
        for moment in _moments(event, "RDATE"):
            times.rdate(_in(moment, zone))
        days = set()
        for moment in _moments(event, "EXDATE"):
            if isinstance(moment, datetime):
                times.exdate(_in(moment, zone))
            else:
                days.add(moment)
        found: list[datetime] = []
        for count, at in enumerate(takewhile(lambda at: at <= self.last, times)):
            if len(found) > MOST_TIMES or count > MOST_BEFORE:
                raise _Problem("too_often", "")
            if at >= self.first and at.date() not in days:
                found.append(at)
        return found

    def _safe(self, event: Any, gone: bool, key: str = "") -> Found:
        try:
            return self._found(event, gone, key)
        except _Problem as problem:
            return Found(self.uid, key, problem=str(problem.args[0]), detail=str(problem.args[1]))
        except (ValueError, OverflowError, AttributeError, TypeError) as error:
            return Found(self.uid, key, problem="no_start", detail=str(error)[:200])

    def _found(self, event: Any, gone: bool, key: str = "", at: date | None = None) -> Found:
        starts = at or _start(event)
        if str(event.get("CLASS", "")).upper() in {"PRIVATE", "CONFIDENTIAL"}:
            return Found(self.uid, key, self._told(starts), problem="private")
        asked = [_person(one) for one in _all(event, "ATTENDEE") if _comes(one)]
        return Found(
            self.uid,
            key,
            self._told(starts),
            " ".join(_first(event, "SUMMARY").split()),
            " ".join(_first(event, "LOCATION").split()),
            next((_person(one) for one in _all(event, "ORGANIZER")), ("", "")),
            tuple(dict.fromkeys(asked)),
            event.get(VIDEO) is not None,
            gone or str(event.get("STATUS", "")).upper() == "CANCELLED",
        )

    def _told(self, starts: date) -> str:
        if not isinstance(starts, datetime):
            return starts.isoformat()
        there = starts if starts.tzinfo else starts.replace(tzinfo=self.zone)
        # Through UTC, so that a time which the clocks leave out becomes the moment it would be.
        return f"{there.astimezone(UTC).astimezone(self.zone):%Y-%m-%d %H:%M}"


def _start(event: Event) -> date:
    """When it begins. Raises _Problem: it does not say, or in a zone that nobody knows."""
    said: Any = event.get("DTSTART")
    if said is None:
        raise _Problem("no_start", "")
    starts = said.dt
    if not isinstance(starts, date):
        raise _Problem("no_start", str(starts)[:80])
    zone = said.params.get("TZID")
    if zone and isinstance(starts, datetime) and starts.tzinfo is None:
        raise _Problem("zone", str(zone)[:80])
    return starts


def _local(starts: date) -> tuple[datetime, tzinfo | None]:
    """By the clock of its zone, and that zone; a whole day begins at midnight."""
    if isinstance(starts, datetime):
        return starts.replace(tzinfo=None), starts.tzinfo
    return datetime.combine(starts, time.min), None


def _at(local: datetime, zone: tzinfo | None, like: date) -> date:
    """The other way round: a whole day where `like` is one."""
    return local.replace(tzinfo=zone) if isinstance(like, datetime) else local.date()


def _in(moment: date, zone: tzinfo | None, *, end: bool = False) -> datetime:
    """A moment by the clock of a zone; of a day its midnight, or as an end its last second."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(23, 59, 59) if end else time.min)
    return (moment.astimezone(zone) if moment.tzinfo and zone else moment).replace(tzinfo=None)


def _moments(event: Event, name: str) -> Iterator[date]:
    for several in _all(event, name):
        for one in several.dts:
            yield one.dt[0] if isinstance(one.dt, tuple) else one.dt


def _all(event: Event, name: str) -> list[Any]:
    said: Any = event.get(name)
    return said if isinstance(said, list) else [] if said is None else [said]


def _first(event: Event, name: str) -> str:
    return next((str(one) for one in _all(event, name)), "")


def _of(event: Event, name: str) -> Any:
    said: Any = event.get(name)
    with suppress(ValueError, AttributeError):
        return None if said is None else said.dt
    return str(said)


def _key(which: Any) -> str:
    return f"{which:%Y%m%d}" if isinstance(which, date) else str(which)


def _number(event: Event) -> int:
    with suppress(ValueError, TypeError, AttributeError):
        return int(event.get("SEQUENCE", 0))
    return 0


def _is_onward(event: Event) -> bool:
    said: Any = event.get("RECURRENCE-ID")
    return str(said.params.get("RANGE", "")).upper() == "THISANDFUTURE"


def _person(said: Any) -> tuple[str, str]:
    """Name and address, the latter in small letters."""
    address = re.sub(r"(?i)^mailto:", "", str(said)).strip().lower()
    return str(said.params.get("CN", "")).strip(), address if "@" in address else ""


def _comes(said: Any) -> bool:
    """Not a room, nor somebody who said no."""
    is_thing = str(said.params.get("CUTYPE", "")).upper() in {"ROOM", "RESOURCE"}
    return not is_thing and str(said.params.get("PARTSTAT", "")).upper() != "DECLINED"


def _child(zone: str, first: str, last: str) -> int:
    for bound, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        with suppress(ValueError, OSError):  # not every system can bound both
            resource.setrlimit(bound, (most, most))
    data = sys.stdin.buffer.read()
    found = events(data, ZoneInfo(zone), date.fromisoformat(first), date.fromisoformat(last))
    try:
        json.dump([astuple(one) for one in found], sys.stdout)
    except (ValueError, MemoryError, RecursionError):
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(_child(*sys.argv[1:]))
