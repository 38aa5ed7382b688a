"""The index of words on SQLite: an FTS5 table that reads its words from the model's own, and three triggers."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# unicode61 folds case and takes accents off; the prefixes make one to three typed letters quick.
INDEX = """
CREATE VIRTUAL TABLE "{table}_search" USING fts5(
    {columns}, content="{table}", content_rowid="{key}",
    prefix="1 2 3", tokenize="unicode61 remove_diacritics 2")
"""
TRIGGERS = (
    """CREATE TRIGGER "{table}_search_insert" AFTER INSERT ON "{table}" BEGIN
    INSERT INTO "{table}_search" (rowid, {columns}) VALUES (new."{key}", {new}); END""",
    """CREATE TRIGGER "{table}_search_delete" AFTER DELETE ON "{table}" BEGIN
    INSERT INTO "{table}_search" ("{table}_search", rowid, {columns}) VALUES ('delete', old."{key}", {old});
    END""",
    """CREATE TRIGGER "{table}_search_update" AFTER UPDATE OF "{key}", {columns} ON "{table}" BEGIN
    INSERT INTO "{table}_search" ("{table}_search", rowid, {columns}) VALUES ('delete', old."{key}", {old});
    INSERT INTO "{table}_search" (rowid, {columns}) VALUES (new."{key}", {new}); END""",
)
DROPS = tuple(f'DROP TRIGGER IF EXISTS "{{table}}_search_{name}"' for name in ("insert", "delete", "update"))
REBUILD = """INSERT INTO "{table}_search" ("{table}_search") VALUES ('rebuild')"""


def install(schema_editor: BaseDatabaseSchemaEditor, table: str, key: str, columns: list[str]) -> None:
    """Make the index, keep it from now on, and put in what is there already."""
    for statement in (INDEX, *TRIGGERS, REBUILD):
        schema_editor.execute(_filled(statement, table, key, columns), None)


def remove(schema_editor: BaseDatabaseSchemaEditor, table: str, key: str, columns: list[str]) -> None:
    """Take the index and its triggers away."""
    for statement in DROPS:
        schema_editor.execute(statement.format(table=table))
    schema_editor.execute(f'DROP TABLE "{table}_search"')


def mend(connection: BaseDatabaseWrapper) -> list[str]:
    """Put triggers back on tables that lost them, and index their words anew; the tables mended.

    Django changes a table on SQLite by copying it into a new one, and the triggers go with the old one.
    """
    mended = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5(%'")
        tables = [name.removesuffix("_search") for (name,) in cursor.fetchall() if name.endswith("_search")]
        for table in tables:
            if _is_whole(cursor, table):
                continue
            cursor.execute(f'PRAGMA table_info("{table}_search")')
            columns = [row[1] for row in cursor.fetchall()]
            cursor.execute(f'PRAGMA table_info("{table}")')
            key = next(row[1] for row in cursor.fetchall() if row[5])
            for statement in (*DROPS, *TRIGGERS, REBUILD):
                cursor.execute(_filled(statement, table, key, columns))
            mended.append(table)
    return mended


def _is_whole(cursor: Any, table: str) -> bool:
    cursor.execute(
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND name IN (%s, %s, %s)",
        [table, f"{table}_search_insert", f"{table}_search_delete", f"{table}_search_update"],
    )
    return bool(cursor.fetchone()[0] == len(TRIGGERS))


def _filled(statement: str, table: str, key: str, columns: list[str]) -> str:
    return statement.format(
        table=table,
        key=key,
        columns=", ".join(f'"{column}"' for column in columns),
        new=", ".join(f'new."{column}"' for column in columns),
        old=", ".join(f'old."{column}"' for column in columns),
    )
