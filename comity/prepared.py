"""Questions that are the same each time but for their values: put together once, then only filled in.

Putting a question together takes Django several times as long as the database takes to answer it, on every page again.
What each page asks, and what the first page asks, is therefore put together once in each process:

    @prepared
    def unread(*, user: Any) -> QuerySet[Notice]:
        return Notice.objects.filter(user=user, read_at=None)

    unread(user=request.user)  # the rows, as a list

The function is called with a `Blank` in the stead of each value, which stands for a number, a text, a day, a moment or the
key of a row, and cannot be looked into. What changes the shape of a question is positional: each such is prepared apart.
What the question looks up itself, such as today, would be the same ever after: it is refused.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from copy import copy
from datetime import date, datetime, timedelta
from inspect import Parameter, signature
from typing import Any

from django.db import connections
from django.db.models import Expression, Model, QuerySet

SHAPES = 256  # of one question that are kept: what is typed may change the shape of some
DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Blank(Expression):
    """Where a value goes: `today`, or so long before it (`today - timedelta(days=7)`), or one of several (`keys.at(3)`).

    As a reader (`visible_to(user)`) it is one of the office's people: what a partner's user sees has another shape.
    """

    is_office = True

    def __init__(self, name: str, shift: timedelta | None = None, place: int | None = None) -> None:
        super().__init__()
        self.name, self.shift, self.place = name, shift, place

    def __sub__(self, span: timedelta) -> Blank:  # type: ignore[override]
        return Blank(self.name, (self.shift or timedelta()) - span)

    def __add__(self, span: timedelta) -> Blank:  # type: ignore[override]
        return Blank(self.name, (self.shift or timedelta()) + span)

    def at(self, place: int) -> Blank:
        """One of several keys of the rows asked for; nothing where there are fewer."""
        return Blank(self.name, None, place)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", (self,)

    def filled(self, values: dict[str, Any], connection: Any) -> Any:
        """The value that goes here, as the database takes it."""
        value = values[self.name]
        if self.place is not None:
            value = value[self.place] if self.place < len(value) else None
        if self.shift is not None:
            value += self.shift
        if isinstance(value, Model):
            if not getattr(value, "is_office", True):
                raise ValueError("What was prepared for the office is not for a partner's user.")
            return value.pk
        if isinstance(value, datetime):
            return connection.ops.adapt_datetimefield_value(value)
        return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def prepared(asked: Callable[..., QuerySet[Any, Any]]) -> Callable[..., list[Any]]:
    """Let a question be put together once; see above."""
    blanks = [one.name for one in signature(asked).parameters.values() if one.kind is Parameter.KEYWORD_ONLY]

    @functools.lru_cache(maxsize=SHAPES)
    def put_together(*shape: Any) -> tuple[QuerySet[Any, Any], Any, str, tuple[Any, ...]]:
        rows = asked(*shape, **{name: Blank(name) for name in blanks})
        compiler = rows.query.get_compiler(rows.db)
        sql, params = compiler.as_sql()
        if any(isinstance(one, date) or (isinstance(one, str) and DAY.match(one)) for one in params):
            raise ValueError(f"{asked.__qualname__}: a day that is looked up in it would hold for good.")
        return rows, compiler, sql, params

    @functools.wraps(asked)
    def ask(*shape: Any, **values: Any) -> list[Any]:
        rows, compiler, sql, params = put_together(*shape)
        # The connection is this thread's own; what was put together is everybody's and stays as it is.
        filling = copy(compiler)
        filling.connection = connections[rows.db]
        filled = tuple(
            one.filled(values, filling.connection) if isinstance(one, Blank) else one for one in params
        )
        filling.as_sql = lambda *_how, **_more: (sql, filled)
        found = rows.all()
        found.query.get_compiler = lambda *_how, **_more: filling  # type: ignore[method-assign]
        return list(found)

    return ask
