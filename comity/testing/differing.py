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
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import BaseExpression, RawSQL
from django.test import TestCase, TransactionTestCase

from comity.prepared import Blank

OURS = str(Path(__file__).parents[1]) + os.sep
NOT_SERVED = (f"{OURS}testing{os.sep}", f"{OURS}demo{os.sep}", f"{os.sep}tests{os.sep}")
THROUGH = {"__init__", "__getattr__", "manager_method"}  # what Django puts between a caller and what it calls
LIST = Path(__file__).with_name("on_postgresql.txt")


class Differing:
    """By each class of tests, or module of them: what it did that can differ."""

    def __init__(self) -> None:
        self.by: dict[str, set[str]] = defaultdict(set)
        self.now = ""
        self.lacking: dict[str, list[str]] = {}
        database = type(connections["default"])
        vendor = database.vendor
        setattr(database, "vendor", property(self._noted(lambda _connection: vendor)))  # noqa: B010  (it is no property)
        # A blank in a prepared question writes no SQL of its own, and is made by whoever happens to ask first.
        ours = [each for each in _below(BaseExpression) if each.__module__.startswith("comity.")]
        own = [each for each in ours if each is not Blank]
        for place, name in (
            (database, "cursor"),
            (QuerySet, "select_for_update"),
            *((expression, "__init__") for expression in (RawSQL, *own)),
        ):
            setattr(place, name, self._noted(getattr(place, name)))

    def _noted(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """The method, which notes who calls it, if that is a function of ours."""

        @wraps(method)
        def noted(this: Any, *args: Any, **more: Any) -> Any:
            frame = sys._getframe(1)
            while frame.f_code.co_name in THROUGH and frame.f_back:
                frame = frame.f_back
            file = frame.f_code.co_filename
            if file.startswith(OURS) and not any(part in file for part in NOT_SERVED):
                self.by[self.now].add(f"{file.removeprefix(OURS)}: {frame.f_code.co_qualname}")
            return method(this, *args, **more)

        return noted

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.now = item.nodeid.rpartition("::")[0]
        case = getattr(item, "cls", None)
        alone = case and issubclass(case, TransactionTestCase) and not issubclass(case, TestCase)
        if alone or hasattr(case, "start_python"):
            self.by[self.now].add(f"{self.now} works with several connections")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and "SQL" in str(report.longrepr):
            self.by[report.nodeid.rpartition("::")[0]].add(f"{report.nodeid} is skipped here")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        for unit, what in getattr(node, "workeroutput", {}).get("differing", {}).items():
            self.by[unit].update(what)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["differing"] = {unit: [*what] for unit, what in self.by.items()}
            return
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
    within = tuple(f"{name}{after}" for name in listed for after in ("/", "::"))
    asked = set().union(*(what for unit, what in by.items() if f"{unit}::".startswith(within)))
    found: dict[str, list[str]] = {} if asked else {"Nothing was noted at all.": []}
    for unit in sorted(by):
        for what in by[unit] - asked:
            found.setdefault(what, []).append(unit)
    return found


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--whole", action="store_true", help="the whole suite: hold on_postgresql.txt to be long enough"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("whole") and "DATABASE_URL" not in os.environ:
        config.pluginmanager.register(Differing(), "noting what differs")
