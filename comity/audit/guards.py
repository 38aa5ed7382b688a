"""What makes the trail append-only: the database itself refuses edits and deletes, whoever asks.

A program that was broken into, a careless script, an administrator with a database shell: each has to remove the guard
first, and `verify` says when it is gone. What was changed behind it the chain of blocks shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("audit_entry", "audit_block")

# REPLACE deletes without a word to delete triggers, so an insert over an existing row is refused as well.
SQLITE = (
    """CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" BEGIN
    SELECT RAISE(ABORT, 'The trail is append-only: {table} cannot be changed.'); END""",
    """CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" BEGIN
    SELECT RAISE(ABORT, 'The trail is append-only: {table} cannot be deleted from.'); END""",
    """CREATE TRIGGER "{table}_no_replace" BEFORE INSERT ON "{table}"
    WHEN EXISTS (SELECT 1 FROM "{table}" WHERE id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'The trail is append-only: {table} cannot be written over.'); END""",
)
REFUSE = """
CREATE OR REPLACE FUNCTION comity_trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The trail is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME;
END $$
"""
# ALWAYS: not even a session that plays a replica gets past it.
POSTGRESQL = (
    """CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"
    FOR EACH STATEMENT EXECUTE FUNCTION comity_trail_is_append_only()""",
    'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{table}_append_only"',
)


def put_up(connection: BaseDatabaseWrapper) -> list[str]:
    """Guard the tables that have no guard (any more); which they were."""
    unguarded = missing(connection)
    with connection.cursor() as cursor:
        if unguarded and connection.vendor == "postgresql":
            cursor.execute(REFUSE)
        for table in unguarded:
            _take_down(connection, cursor, table)
            for statement in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
                cursor.execute(statement.format(table=table))
    return unguarded


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables of the trail that the database does not guard as it should."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' GROUP BY 1")
            expected = len(SQLITE)
        else:
            cursor.execute(
                "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger "
                "WHERE tgname LIKE '%_append_only' AND tgenabled = 'A' GROUP BY 1"
            )
            expected = 1
        found = {table.strip('"'): count for table, count in cursor.fetchall()}
    return [table for table in TABLES if found.get(table, 0) < expected]


def take_down(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            _take_down(connection, cursor, table)


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the guards down for a while. Only tests have a reason to: to tamper, and to empty their tables."""
    take_down(connection)
    try:
        yield
    finally:
        put_up(connection)


def _take_down(connection: BaseDatabaseWrapper, cursor: Any, table: str) -> None:
    if connection.vendor == "sqlite":
        for act in ("update", "delete", "replace"):
            cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{act}"')
    else:
        cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_append_only" ON "{table}"')
