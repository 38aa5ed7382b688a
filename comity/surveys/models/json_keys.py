"""What stands under a key of a map in a JSON column, whatever the key looks like.

Django's own `column__key` takes a key of digits for a place in a list, and one such as "contains" for a lookup. Questions
and answers have keys of both sorts.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Func, TextField, Value
from django.db.models.lookups import In


class Within(Func):
    """The value under a key as JSON text: `2`, `true`, `"mail"`, `["mail", "phone"]`; None where there is none."""

    arity = 2
    arg_joiner = " -> "

    def __init__(self, column: str, key: str) -> None:
        super().__init__(column, Value(key), output_field=TextField())

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        column, key = self.get_source_expressions()
        found = self.copy()
        found.set_source_expressions([column, Value(f"$.{json.dumps(key.value)}")])
        return found.as_sql(compiler, connection, template="(%(expressions)s)", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="((%(expressions)s)::text)", **context)


def is_one_of(column: str, key: str, values: list[Any]) -> In:
    """Whether a number, a word, yes or no under a key is one of some."""
    return In(Within(column, key), [json.dumps(value) for value in values])
