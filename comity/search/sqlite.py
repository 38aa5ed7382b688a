"""The index of words on SQLite: an FTS5 table that reads its words from the model's own, and three triggers."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from comity.search import folding

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
REBUILD = (
    """INSERT INTO "{table}_search" ("{table}_search") VALUES ('delete-all')""",
    """INSERT INTO "{table}_search" (rowid, {columns}) SELECT "{key}", {all} FROM "{table}\"""",
)


def install(schema_editor: BaseDatabaseSchemaEditor, table: str, key: str, columns: list[str]) -> None:
    """Make the index, keep it from now on, and put in what is there already."""
    for statement in (INDEX, *TRIGGERS, *REBUILD):
        schema_editor.execute(_filled(statement, table, key, columns), None)


def remove(schema_editor: BaseDatabaseSchemaEditor, table: str, key: str, columns: list[str]) -> None:
    """Take the index and its triggers away."""
    for statement in DROPS:
        schema_editor.execute(statement.format(table=table))
    schema_editor.execute(f'DROP TABLE "{table}_search"')


def mend(connection: BaseDatabaseWrapper) -> list[str]:
    """Put triggers back on tables that lost them or have those of an earlier version, and index their words anew.

    Django changes a table on SQLite by copying it into a new one, and the triggers go with the old one. Returns the
    tables mended.
    """
    mended = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5(%'")
        tables = [name.removesuffix("_search") for (name,) in cursor.fetchall() if name.endswith("_search")]
        for table in tables:
            cursor.execute(f'PRAGMA table_info("{table}_search")')
            columns = [row[1] for row in cursor.fetchall()]
            cursor.execute(f'PRAGMA table_info("{table}")')
            key = next(row[1] for row in cursor.fetchall() if row[5])
            if _is_whole(cursor, table, [_filled(trigger, table, key, columns) for trigger in TRIGGERS]):
                continue
            for statement in (*DROPS, *TRIGGERS, *REBUILD):
                cursor.execute(_filled(statement, table, key, columns))
            mended.append(table)
    return mended


def _is_whole(cursor: Any, table: str, triggers: list[str]) -> bool:
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
    return {sql for (sql,) in cursor.fetchall()} >= set(triggers)


def _filled(statement: str, table: str, key: str, columns: list[str]) -> str:
    return statement.format(
        table=table,
        key=key,
        columns=", ".join(f'"{column}"' for column in columns),
        new=", ".join(_words(f'new."{column}"') for column in columns),
        old=", ".join(_words(f'old."{column}"') for column in columns),
        all=", ".join(_words(f'"{column}"') for column in columns),
    )


def _words(text: str) -> str:
    """What is indexed of a column; most have nothing but plain letters, and are quickly done."""
    return f"CASE WHEN {text} GLOB '*[^ -&(-_a-~]*' THEN {folding.in_sql(text)} ELSE {text} END"
