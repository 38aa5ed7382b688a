"""The clock of the suite: a pytest plugin (named in the conftest.py of the whole suite).

Every test begins on Wednesday, August 12, 2026, at ten in the morning where the office is, and from there the clock
goes on as clocks do: what is written first is older, and a limit of a minute ends after a minute. The tests of one
class share what `setUpTestData` made, so the class begins then, and a test goes on where the one before it ended.
`pytest --clock 2028-02-29T23:30` lives another day. Waits that count with `time.monotonic()` never notice. And every test begins in English: a page asked for in Spanish leaves its language.

A class whose story has its days, such as a file of bills from last year, lives on that Wednesday on every other day too:
`@pytest.mark.dated`. A test that must know the real day says so, on the function or on the whole class: `@pytest.mark.real_clock`.
A process of its own, which a test starts, is on the real day too, unless it is given `the_same_elsewhere()` and calls
`follow()`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.utils import translation

WEDNESDAY = "2026-08-12T10:00"
AHEAD = "SUITE_CLOCK_AHEAD"


def moment(said: str) -> datetime:
    """A moment as ISO 8601 writes it; where the office is, unless it says how far from UTC."""
    read = datetime.fromisoformat(said)
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


class Clock:
    """Moves what Python believes the time to be; databases are only told it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self._journey = time_machine.travel(moment.timestamp())
        self._traveller = self._journey.start()
        self._living: object = None

    def begin(self, item: pytest.Item) -> None:
        """Stand at the moment again, unless this test goes on with the data of the one before it."""
        living = item.getparent(pytest.Class) or item
        if living is not self._living:
            dated = living.get_closest_marker("dated")
            self._traveller.move_to((moment(WEDNESDAY) if dated else self.moment).timestamp())
            time.time()  # from now on it goes on
        self._living = living

    def stop(self) -> None:
        self._journey.stop()

    def go_on(self) -> None:
        self._living = None
        self._traveller = self._journey.start()


CLOCK = pytest.StashKey[Clock]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--clock",
        default=WEDNESDAY,
        metavar="MOMENT",
        help="when every test begins, where the office is unless it says how far from UTC (default: %(default)s)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[CLOCK] = Clock(moment(config.getoption("clock")))


def pytest_unconfigure(config: pytest.Config) -> None:
    if clock := config.stash.get(CLOCK, None):
        clock.stop()


def pytest_report_header(config: pytest.Config) -> str:
    return f"clock: {config.stash[CLOCK].moment:%A, %B %d, %Y, %H:%M (UTC%z)}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    clock = item.config.stash[CLOCK]
    if not item.get_closest_marker("real_clock"):
        clock.begin(item)
        return (yield)
    clock.stop()
    try:
        return (yield)
    finally:
        clock.go_on()


def pytest_runtest_setup(item: pytest.Item) -> None:
    translation.activate(settings.LANGUAGE_CODE)


def at(said: str) -> time_machine.travel:
    """Within this block it is another day: `with clock.at("2028-02-29T10:00"):`."""
    return time_machine.travel(moment(said).timestamp())


def real_time() -> float:
    """Seconds since 1970, whatever day the test lives on."""
    hatch = time_machine.escape_hatch
    return hatch.time.time() if hatch.is_travelling() else time.time()


def the_same_elsewhere() -> dict[str, str]:
    """Environment variables by which a process that calls `follow()` has the clock this one has now."""
    return {AHEAD: str(time.time() - real_time())}


def follow() -> None:
    """Have the clock of the process that started this one."""
    if ahead := float(os.environ.get(AHEAD, "0")):
        time_machine.travel(time.time() + ahead).start()
        time.time()  # from now on it goes on
