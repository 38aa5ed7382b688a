"""Adding up what is alike, and putting back what a rebuilt table lost."""

from __future__ import annotations

from typing import Any

from django.db import connection, connections, transaction

from comity.followups.counting import statements
from comity.followups.counting.statements import COLUMNS, FIGURES, KEPT, ROWS

KEY = "month, kind, partner"
SUMS = ", ".join(f"sum({name})" for name in FIGURES)
ANY = " OR ".join(f"sum({name}) <> 0" for name in FIGURES)
ALIKE = f"(month, kind, partner) IN (SELECT {KEY} FROM {KEPT} GROUP BY {KEY} HAVING count(*) > 1)"  # noqa: S608


@transaction.atomic
def add_up() -> None:
    """Make one row of those that are alike. The sums stay what they are, for whoever reads meanwhile too."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # In one statement: what others write while it runs is neither taken away nor added.
            cursor.execute(
                f"WITH gone AS (DELETE FROM {KEPT} WHERE {ALIKE} RETURNING *)"  # noqa: S608
                f" INSERT INTO {KEPT} ({COLUMNS}) SELECT {KEY}, {SUMS} FROM gone GROUP BY {KEY} HAVING {ANY}"
            )
            return
        # The transaction is the only one that writes.
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {KEPT}")  # noqa: S608
        (newest,) = cursor.fetchone()
        cursor.execute(
            f"INSERT INTO {KEPT} ({COLUMNS}) SELECT {KEY}, {SUMS} FROM {KEPT}"  # noqa: S608
            f" GROUP BY {KEY} HAVING count(*) > 1 AND ({ANY})"
        )
        # A key without a sum has no new row, and still the old ones: more than one of them.
        cursor.execute(f"DELETE FROM {KEPT} WHERE id <= %s AND {ALIKE}", [newest])  # noqa: S608


def mend(using: str) -> bool:
    """After `migrate` or `flush`: put triggers back, and count anew; whether something was lost.

    Django changes a table on SQLite by copying it into a new one, and the triggers go with the old one.
    `flush` empties tables in any order, so that what it deletes last is counted as fewer than none.
    """
    database = connections[using]
    with database.cursor() as cursor:
        if not {ROWS, KEPT} <= set(database.introspection.table_names(cursor)):
            return False
        whole = database.vendor != "sqlite" or _has_triggers(cursor)
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {ROWS}) OR NOT EXISTS (SELECT 1 FROM {KEPT})")  # noqa: S608
        if whole and cursor.fetchone()[0]:
            return False
        lost = [] if whole else [*statements.remove("sqlite"), *statements.install("sqlite")]
        for statement in (*lost, *statements.recount(database.vendor)):
            cursor.execute(statement)
    return True


def _has_triggers(cursor: Any) -> bool:
    cursor.execute(
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND name IN (%s, %s, %s)",
        [ROWS, *statements.NAMES],
    )
    return bool(cursor.fetchone()[0] == len(statements.NAMES))
