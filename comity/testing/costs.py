"""What each test costs: a pytest plugin (named in the conftest.py of the whole suite).

Counted is the time of the processor, of the test's own process and of all that it has started and that has ended; the
clock on the wall says more of the machine than of the test. The dearest tests are shown at the end of a run, and a
test dearer than `dearest_test` seconds that is neither marked `slow` nor drives a browser fails it. What is made once for
several (the database, the browser, the data of a class), and cleared up after them, is shown by itself, and counted for
none of them.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

SECONDS = "3"
SHOWN = 20
COST, MADE = "cpu", "cpu before"
SHARED = pytest.StashKey[float]()
BEGUN = pytest.StashKey[float]()


def spent() -> float:
    """The seconds that the processor has worked for this process, and for those it has started that have ended."""
    return sum(os.times()[:4])


@contextmanager
def _for_several(config: pytest.Config) -> Iterator[None]:
    """What is spent here is not the cost of the test that happens to be first, or last."""
    before, shared = spent(), config.stash.get(SHARED, 0.0)
    try:
        yield
    finally:  # what others it asked for have cost is a part of this
        config.stash[SHARED] = shared + spent() - before


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("dearest_test", "how many seconds of processor time a test may take", default=SECONDS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    item.stash[BEGUN], item.config.stash[SHARED] = spent(), 0.0
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    if fixturedef.scope == "function":
        return (yield)
    clearing_up = ExitStack()
    fixturedef.addfinalizer(clearing_up.close)  # asked for first, done last
    try:
        with _for_several(request.config):
            return (yield)
    finally:
        fixturedef.addfinalizer(lambda: clearing_up.enter_context(_for_several(request.config)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "teardown":
        shared = item.config.stash[SHARED]
        cost = spent() - item.stash[BEGUN] - shared
        report.user_properties += [(COST, round(cost, 2)), (MADE, round(shared, 2))]
    return report


class Costs:
    """Hears, where the run is directed from, what each test has cost."""

    def __init__(self, config: pytest.Config) -> None:
        self.most = float(config.getini("dearest_test"))
        self.costs: list[tuple[float, str]] = []
        self.too_dear: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        said = dict(report.user_properties)
        cost, made = said.get(COST), said.get(MADE)
        if not isinstance(cost, float) or not isinstance(made, float) or report.when != "teardown":
            return
        self.costs += [(cost, report.nodeid), *([(made, f"before {report.nodeid}")] if made else [])]
        if cost > self.most and not {"slow", "browser"} & set(report.keywords):
            self.too_dear.append(f"{report.nodeid} took {cost:.1f} s")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if cache := getattr(session.config, "cache", None):
            cache.set("costs", {name: cost for cost, name in self.costs})
        if self.too_dear and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if len(self.costs) > SHOWN or self.too_dear:
            terminalreporter.section(
                f"dearest {SHOWN} of {len(self.costs)} tests and what is made before, in seconds of processor time"
            )
            for cost, name in sorted(self.costs, reverse=True)[:SHOWN]:
                terminalreporter.line(f"{cost:6.1f}  {name}")
            terminalreporter.line(f"{sum(cost for cost, _name in self.costs):6.0f}  all tests together")
        if self.too_dear:
            terminalreporter.section("too dear", red=True)
            terminalreporter.line(
                f"More than {self.most:g} s of processor time; make it cheaper, or mark it `slow`:"
            )
            for sentence in self.too_dear:
                terminalreporter.line(f"  {sentence}")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Costs(config), "costs")
