"""The tree of partners, asked of the database in one expression. Why so: docs/decisions/partner-tree.md."""

from __future__ import annotations

from typing import Any

from django.db import connection
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

_CIRCLES = (
    "WITH RECURSIVE walk(start, id) AS (SELECT id, parent_id FROM partners_partner WHERE id IN ({roots}) "
    "UNION SELECT walk.start, partner.parent_id FROM partners_partner partner JOIN walk ON partner.id = walk.id) "
    "SELECT start FROM walk WHERE id = start"
)
_LOCK = 7_733_001  # of this database's advisory locks, the one of the tree


def hold_tree() -> None:
    """Whoever sets parents, or who reports to whom, waits here for whoever else does, until the transaction ends.

    Call it first of all locks. A circle can be closed by two who each set one parent and see nothing of the other. SQLite has one writer.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def in_circles(partners: QuerySet[Any, Any]) -> list[int]:
    """Which of some partners are part of themselves; one query.

    partners  a queryset of one column of partner ids: `.values("pk")`
    """
    sql, params = partners.order_by().query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(_CIRCLES.format(roots=sql), params)
        return sorted(row[0] for row in cursor.fetchall())


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
