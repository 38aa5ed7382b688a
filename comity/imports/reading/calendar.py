"""A calendar as a table: a row for each event, and for each time at which one that repeats takes place.

It is unfolded in a process of its own with bounds of memory and time (comity.core.calendars).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from comity.core.calendars import Found
from comity.imports.reading.table import Limits, Line, Table, UnreadableError
from comity.jobs.registry import office_zone
from comity.ui.components.days import day

CALENDAR = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*BEGIN:VCALENDAR", re.IGNORECASE)
HEADERS = ["Starts", "Title", "Place", "How", "Organizer", "Attendees", "Status", "UID", "Occurrence"]
MOST_BYTES = 20_000_000
MOST_EVENTS = 10_000
MOST_SECONDS = 120
BACK, AHEAD = timedelta(days=366), timedelta(days=92)  # of today, for events that repeat


def zipped(path: Path) -> bytes:
    """The calendars in a zip, as Google exports them, one after another; nothing where there are none."""
    with suppress(zipfile.BadZipFile, NotImplementedError, RuntimeError), zipfile.ZipFile(path) as archive:
        parts = [part for part in archive.infolist() if part.filename.lower().endswith(".ics")]
        _refuse_large(sum(part.file_size for part in parts))
        return b"\n".join(archive.read(part).removeprefix(b"\xef\xbb\xbf") for part in parts)
    return b""


def read_calendar(data: bytes, limits: Limits) -> Table:
    """The events of a calendar; those that repeat, from a year ago to three months ahead. Raises UnreadableError."""
    _refuse_large(len(data))
    count = data.upper().count(b"BEGIN:VEVENT")
    if not count:
        raise UnreadableError(_("There are no events in this calendar."))
    if count > MOST_EVENTS:
        raise UnreadableError(
            _("The calendar has %(count)s events. The limit is %(most)s. Export a shorter span of it.")
            % {"count": f"{count:,}", "most": f"{MOST_EVENTS:,}"}
        )
    today = timezone.localdate(timezone=office_zone())
    first, last = today - BACK, today + AHEAD
    said = {"first": day(first), "last": day(last)}
    read_as = _("Calendar; events that repeat from %(first)s to %(last)s") % said
    return Table(list(HEADERS), _lines(data, first.isoformat(), last.isoformat(), limits), read_as, limits)


def _refuse_large(size: int) -> None:
    if size > MOST_BYTES:
        raise UnreadableError(
            _("The calendar is larger than %(limit)d MB. Export a shorter span of it.")
            % {"limit": MOST_BYTES // 1_000_000}
        )


def _lines(data: bytes, first: str, last: str, limits: Limits) -> Iterator[Line]:
    for number, found in enumerate(_unfolded(data, first, last), start=1):
        if number > limits.rows:
            raise UnreadableError(_("Its events take place too often. Export a shorter span of it."))
        cells = [
            found.starts,
            found.title,
            found.place,
            "Video" if found.video else "In person",
            _people([found.organizer]),
            _people(found.people),
            "canceled" if found.canceled else "",
            found.uid,
            found.occurrence,
        ]
        yield Line(number, cells, _why(found) if found.problem else "")


def _unfolded(data: bytes, first: str, last: str) -> Iterator[Found]:
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-m", "comity.core.calendars", str(office_zone()), first, last],
            input=data,
            capture_output=True,
            check=False,
            timeout=MOST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        child = None
    if child is None or child.returncode < 0:  # it came to a bound, and was ended
        raise UnreadableError(
            _(
                "It takes too long to work out when the events of this calendar repeat. Export a shorter span of it."
            )
        )
    if child.returncode:
        raise UnreadableError(_("This calendar is damaged. Export it again."))
    for said in json.loads(child.stdout):
        yield Found(*said)


def _people(people: Iterable[Any]) -> str:
    """ "Ben Okafor <ben@parks.example.gov>; Eve Head" """
    names = ((re.sub(r"[;<>]", " ", name).strip(), address) for name, address in people)
    return "; ".join(
        f"{name} <{address}>".strip() if address else name for name, address in names if name or address
    )


def _why(found: Found) -> str:
    """Why an event cannot be taken as it stands."""
    sentences = {
        "private": _("The event is private, so we left it out and kept nothing of it."),
        "zone": _("Nobody knows the time zone “%(detail)s”, so we cannot tell when this is."),
        "no_start": _("It does not say when it starts."),
        "too_often": _("It repeats too often for a meeting."),
        "rule": _("We cannot tell when it takes place."),
        "outside": _("It repeats, but not within the days we read."),
        "older": _("The file has a newer version of this event."),
    }
    return sentences[found.problem] % {"detail": found.detail}
