"""The tree of partners, asked of the database in one expression. Why so: docs/decisions/partner-tree.md."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

_BELOW = (
    "(WITH RECURSIVE below(id) AS ({roots} UNION SELECT partner.id FROM partners_partner partner "
    "JOIN below ON partner.parent_id = below.id) SELECT id FROM below)"
)
_ABOVE = (
    "(WITH RECURSIVE above(id) AS ({roots} UNION SELECT partner.parent_id FROM partners_partner partner "
    "JOIN above ON partner.id = above.id WHERE partner.parent_id IS NOT NULL) SELECT id FROM above)"
)


class _Walk(Expression):
    """The ids reached from some partners. UNION keeps each once, so that even a circle comes to an end."""

    template: str
    output_field = BigIntegerField()

    def __init__(self, roots: QuerySet[Any, Any]) -> None:
        """roots  a queryset of one column of partner ids: `.values("pk")`"""
        super().__init__()
        self.roots = roots.order_by().query

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        sql, params = self.roots.get_compiler(connection=connection).as_sql()
        return self.template.format(roots=sql), tuple(params)

    def get_group_by_cols(self) -> list[Any]:
        return []


class WithAllBelow(_Walk):
    """Some partners and all below them, however deep: `filter(pk__in=WithAllBelow(own.values("partner")))`."""

    template = _BELOW


class WithAllAbove(_Walk):
    """Some partners and all they are part of, up to the top."""

    template = _ABOVE
