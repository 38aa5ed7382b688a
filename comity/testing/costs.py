"""What each test costs: a pytest plugin (named in the conftest.py of the whole suite).

Counted is the time of the processor, of the test's own process and of all that it starts, browsers among them; the
clock on the wall says more of the machine than of the test. The dearest tests are shown at the end of a run, and a
test dearer than `dearest_test` seconds that is neither marked `slow` nor drives a browser fails it. What is made once for
several (the database, the browser, the data of a class) is shown by itself, and counted for none of them.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

SECONDS = "3"
SHOWN = 20
COST, MADE = "cpu", "cpu before"
SHARED = pytest.StashKey[float]()
SO_FAR = pytest.StashKey[float]()
BEGUN = pytest.StashKey["Times"]()


class Time(NamedTuple):
    """Processor time of one process, in seconds: its own, and that of its children which have ended."""

    own: float
    ended: float


Times = dict[int, Time]


def times() -> Times:
    """Of this process, and of each that it or another below it has started and that still runs."""
    mine = os.times()
    below = {pid: time for pid in _running_below(os.getpid()) if (time := _time(pid))}
    return {0: Time(mine.user + mine.system, mine.children_user + mine.children_system), **below}


def between(first: Times, then: Times) -> float:
    """How much was spent meanwhile."""
    own = sum(time.own - first.get(pid, Time(0, 0)).own for pid, time in then.items())
    ended = sum(time.ended - first.get(pid, Time(0, 0)).ended for pid, time in then.items())
    # What one that has ended had spent before is handed to its parent, or lost where its parent did not ask for it.
    before = sum(sum(time) for pid, time in first.items() if pid not in then)
    return own + (ended - before if ended >= before else ended)


def _running_below(pid: int) -> Iterator[int]:
    """Nothing where the system has no /proc: there only what has ended is counted."""
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in listed.read_text().split()]
        except OSError:  # ended meanwhile
            continue
        for child in children:
            yield child
            yield from _running_below(child)


def _time(pid: int) -> Time | None:
    """Of a running process: fields 14 to 17 of proc(5)'s stat."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
    except OSError:
        return None
    user, system, ended_user, ended_system = (int(field) / os.sysconf("SC_CLK_TCK") for field in fields)
    return Time(user + system, ended_user + ended_system)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("dearest_test", "how many seconds of processor time a test may take", default=SECONDS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    item.stash[BEGUN], item.stash[SO_FAR] = times(), 0.0
    item.config.stash[SHARED] = 0.0
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """What is made for several is not the cost of the test that happens to be first."""
    if fixturedef.scope == "function":
        return (yield)
    before, shared = times(), request.config.stash.get(SHARED, 0.0)
    try:
        return (yield)
    finally:  # what others it asked for have cost is a part of this
        request.config.stash[SHARED] = shared + between(before, times())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Looked at after each part of a test: the processes of the next may be others."""
    report = yield
    now = times()
    item.stash[SO_FAR] += between(item.stash[BEGUN], now)
    item.stash[BEGUN] = now
    if report.when == "teardown":
        shared = item.config.stash[SHARED]
        report.user_properties += [(COST, round(item.stash[SO_FAR] - shared, 2)), (MADE, round(shared, 2))]
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
        # Of a browser's time, what its processes have spent comes in when one of them ends, in whichever test that is.
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
