"""Tests that empty their tables: the trail and final rows refuse that, so their guards are lifted for the moment.

What migrations had entered (kinds of data, types of relations) is there again for the test that comes next.
A pytest plugin (named in the conftest.py of the whole suite).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

Rows = list[tuple[Any, list[Any]]]


@pytest.fixture(scope="session", autouse=True)
def _tables_can_be_emptied_between_tests() -> Iterator[None]:
    """Every TransactionTestCase flushes the database when it ends."""
    from django.db import connections
    from django.test import TransactionTestCase

    from comity.audit import guards
    from comity.editing import final

    # Django has no hook here: it flushes in a method of its own, before any tearDown of ours could act.
    cases: Any = TransactionTestCase
    flush, begin = cases._fixture_teardown, cases._fixture_setup
    entered: Rows = []

    def remember(cls: Any) -> None:
        if (
            not entered
        ):  # before the first that empties them the tables hold what migrations entered, and nothing else
            entered.extend(_entered())
        begin.__func__(cls)

    def flush_with_guards_lifted(self: Any) -> None:
        with ExitStack() as stack:
            for alias in self._databases_names(include_mirrors=False):
                stack.enter_context(guards.lifted(connections[alias]))
                stack.enter_context(final.lifted(connections[alias]))
            flush(self)
            _enter(entered)

    cases._fixture_teardown, cases._fixture_setup = flush_with_guards_lifted, classmethod(remember)
    yield
    cases._fixture_teardown, cases._fixture_setup = flush, begin


def _entered() -> Rows:
    from django.apps import apps

    # Django's own (kinds of content, permissions) it makes again by itself.
    ours = [model for model in apps.get_models() if model.__module__.startswith("comity.")]
    return [(model, rows) for model in ours if (rows := list(model._base_manager.all()))]


def _enter(entered: Rows) -> None:
    from django.db import transaction

    with transaction.atomic():
        for model, rows in entered:
            model._base_manager.bulk_create(rows, ignore_conflicts=True)
