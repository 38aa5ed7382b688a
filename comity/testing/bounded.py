"""No test goes on for ever, and each has room for its calls: a pytest plugin (named in the conftest.py of the whole suite).

A test that takes longer than `longest_test` seconds, with what is cleared up after it, ends its process. Where each of
the threads stood is written down, the test has failed, and another process goes on with the rest. pytest has a bound
of its own, but takes it off as soon as a test fails, so that clearing up after one may still go on for ever.

Within that bound nothing fails because the machine is busy: Hypothesis counts no seconds.

Room for calls (`comity/site/room.py`) is a tenth of the time of a test that asks for many pages.
"""

from __future__ import annotations

import faulthandler
import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from comity.site.room import with_room

# All that `make test-all` asks in one test takes longer.
SECONDS = "1800" if os.environ.get("SUITE_ALL") else "300"
STDERR = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "longest_test", "how many seconds a test may take before its process is ended", default=SECONDS
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[STDERR] = os.dup(2)  # while a test runs, what it writes there is caught
    settings.register_profile(
        "suite", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("suite")


def pytest_unconfigure(config: pytest.Config) -> None:
    os.close(config.stash[STDERR])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    _begin(item.config)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.hookimpl(trylast=True)
def pytest_exception_interact(node: pytest.Item | pytest.Collector) -> None:
    if isinstance(node, pytest.Item):
        _begin(node.config)


def _begin(config: pytest.Config) -> None:
    seconds = float(config.getini("longest_test"))
    faulthandler.dump_traceback_later(seconds, file=config.stash[STDERR], exit=True)


def pytest_itemcollected(item: pytest.Item) -> None:
    vars(item)["runtest"] = with_room(item.runtest)
