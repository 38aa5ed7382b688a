"""Tests that empty their tables: the trail and final rows refuse that, so their guards are lifted for the moment.

A pytest plugin (named in the conftest.py of the whole suite).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def _tables_can_be_emptied_between_tests() -> Iterator[None]:
    """Every TransactionTestCase flushes the database when it ends."""
    from django.db import connections
    from django.test import TransactionTestCase

    from comity.audit import guards
    from comity.editing import final

    # Django has no hook here: it flushes in a method of its own, before any tearDown of ours could act.
    cases: Any = TransactionTestCase
    flush = cases._fixture_teardown

    def flush_with_guards_lifted(self: Any) -> None:
        with ExitStack() as stack:
            for alias in self._databases_names(include_mirrors=False):
                stack.enter_context(guards.lifted(connections[alias]))
                stack.enter_context(final.lifted(connections[alias]))
            flush(self)

    cases._fixture_teardown = flush_with_guards_lifted
    yield
    cases._fixture_teardown = flush
