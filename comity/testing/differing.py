"""What can differ between databases is asked on PostgreSQL too: a pytest plugin (named in the conftest.py of the whole suite).

`on_postgresql.txt` names the tests that CI runs there. A whole run on SQLite (`pytest --whole`) holds the list to be long
enough: it notes which of our functions lock rows, write SQL or ask which database it is, and each of them has to be
reached by a test in the list. So has to be there what works with several connections, and what is skipped with a word
about the database.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import BaseExpression, RawSQL
from django.test import TestCase, TransactionTestCase

OURS = str(Path(__file__).parents[1]) + os.sep
NOT_SERVED = (f"{OURS}testing{os.sep}", f"{OURS}demo{os.sep}", f"{os.sep}tests{os.sep}")
LIST = Path(__file__).with_name("on_postgresql.txt")
BY_ITSELF = "works with several connections"
SKIPPED = "is skipped on SQLite"


class Reached:
    """By each class of tests (or module of them): what can differ, of what it did."""

    def __init__(self) -> None:
        self.by: dict[str, set[str]] = defaultdict(set)
        self.now = ""
        self._note_calls()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.now = item.nodeid.rpartition("::")[0]
        case = getattr(item, "cls", None)
        alone = case and issubclass(case, TransactionTestCase) and not issubclass(case, TestCase)
        if alone or hasattr(case, "start_python"):
            self.by[self.now].add(f"{self.now} {BY_ITSELF}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and "SQL" in str(report.longrepr):
            self.by[report.nodeid.rpartition("::")[0]].add(f"{report.nodeid} {SKIPPED}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if output := getattr(session.config, "workeroutput", None):
            output["reached"] = {unit: sorted(what) for unit, what in self.by.items()}

    def _note_calls(self) -> None:
        database = type(connections["default"])
        vendor, cursor = database.vendor, database.cursor
        lock, begin = QuerySet.select_for_update, BaseExpression.__init__

        @wraps(cursor)
        def cursor_noted(wrapper: Any, *args: Any, **more: Any) -> Any:
            self._note(sys._getframe(1), deep=False)
            return cursor(wrapper, *args, **more)

        @wraps(lock)
        def lock_noted(rows: Any, *args: Any, **more: Any) -> Any:
            self._note(sys._getframe(1))
            return lock(rows, *args, **more)

        @wraps(begin)
        def begin_noted(expression: Any, *args: Any, **more: Any) -> None:
            if isinstance(expression, RawSQL) or type(expression).__module__.startswith("comity."):
                self._note(sys._getframe(1))
            begin(expression, *args, **more)

        def vendor_noted(wrapper: Any) -> str:
            asking = sys._getframe(1)
            self._note(asking.f_back if asking.f_code.co_name == "__getattr__" else asking, deep=False)
            return vendor

        places: list[tuple[Any, str, Callable[..., Any] | property]] = [
            (database, "cursor", cursor_noted),
            (database, "vendor", property(vendor_noted)),
            (QuerySet, "select_for_update", lock_noted),
            (BaseExpression, "__init__", begin_noted),
        ]
        for place, name, noted in places:
            setattr(place, name, noted)

    def _note(self, frame: FrameType | None, *, deep: bool = True) -> None:
        """The function of ours that calls, or, `deep`, the nearest above."""
        while deep and frame and not frame.f_code.co_filename.startswith(OURS):
            frame = frame.f_back
        file = frame.f_code.co_filename if frame else ""
        if frame and file.startswith(OURS) and not any(part in file for part in NOT_SERVED):
            self.by[self.now].add(f"{file.removeprefix(OURS)}: {frame.f_code.co_qualname}")


class Guard:
    """Where the run is directed from: whether the list has everything."""

    def __init__(self, here: Reached | None) -> None:
        self.by = here.by if here else defaultdict(set)
        self.lacking: dict[str, list[str]] = {}

    def pytest_testnodedown(self, node: Any) -> None:
        for unit, what in getattr(node, "workeroutput", {}).get("reached", {}).items():
            self.by[unit].update(what)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.lacking = lacking(self.by, LIST.read_text().split())
        if self.lacking and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.lacking:
            terminalreporter.section("not asked on PostgreSQL", red=True)
            terminalreporter.line(f"Add to {LIST.name} a class of tests that reaches it:")
        for what, units in sorted(self.lacking.items()):
            terminalreporter.line(f"  {what} ({', '.join(units[:3])})")


def lacking(by: dict[str, set[str]], listed: list[str]) -> dict[str, list[str]]:
    """What no test in the list reaches, and which classes or modules of tests do."""
    there = {
        unit
        for unit in by
        if unit.startswith(tuple(f"{name}{after}" for name in listed for after in ("/", "::")))
    }
    there |= by.keys() & set(listed)
    asked = set().union(*(by[unit] for unit in there))
    found: dict[str, list[str]] = {} if asked else {"Nothing was noted at all.": []}
    for unit in sorted(by):
        for what in by[unit] - asked:
            found.setdefault(what, []).append(unit)
    return found


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--whole", action="store_true", help="the whole suite: hold on_postgresql.txt to be long enough"
    )


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("whole") or "DATABASE_URL" in os.environ:
        return
    is_worker, has_workers = hasattr(config, "workerinput"), bool(config.getoption("numprocesses", None))
    reached = None if has_workers and not is_worker else Reached()
    if reached:
        config.pluginmanager.register(reached, "reached")
    if not is_worker:
        config.pluginmanager.register(Guard(reached), "guard")
