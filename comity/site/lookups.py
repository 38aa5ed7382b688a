"""What Django asks of a single number and forgets to ask of a list of them."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import IntegerField
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler


@IntegerField.register_lookup
class AmongNumbers(In[Any]):
    """A number that no column could hold is equal to none: "pk in (a number of forty digits)" finds nothing.

    Django says so of `pk=...`; in a list such a number reached SQLite, which has no place for it, and the page was a 500.
    """

    def process_rhs(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        if self.rhs_is_direct_value():
            kind = self.lhs.output_field.get_internal_type()
            low, high = connection.ops.integer_field_range(kind)
            self.rhs = [each for each in self.rhs if not isinstance(each, int) or low <= each <= high]
        return super().process_rhs(compiler, connection)
