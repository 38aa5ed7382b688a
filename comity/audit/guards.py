"""What makes the trail append-only: the database itself refuses edits and deletes, whoever asks.

A program that was broken into, a careless script, an administrator with a database shell: each has to remove the guard
first, and `verify` says when it is gone, says something else, or stands beside another: a trigger or a rule of somebody
else's swallows entries without a word. What was changed behind it the chain of blocks shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

TABLES = ("audit_entry", "audit_block")

# REPLACE deletes without a word to delete triggers, so an insert over an existing row is refused as well.
SQLITE = {
    "{table}_no_update": """CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" BEGIN
    SELECT RAISE(ABORT, 'The trail is append-only: {table} cannot be changed.'); END""",
    "{table}_no_delete": """CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" BEGIN
    SELECT RAISE(ABORT, 'The trail is append-only: {table} cannot be deleted from.'); END""",
    "{table}_no_replace": """CREATE TRIGGER "{table}_no_replace" BEFORE INSERT ON "{table}"
    WHEN EXISTS (SELECT 1 FROM "{table}" WHERE id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'The trail is append-only: {table} cannot be written over.'); END""",
}
BODY = """
BEGIN
    RAISE EXCEPTION 'The trail is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME;
END """
REFUSE = f"""
CREATE OR REPLACE FUNCTION comity_trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $${BODY}$$
"""
# ALWAYS: not even a session that plays a replica gets past it.
POSTGRESQL = (
    """CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"
    FOR EACH STATEMENT EXECUTE FUNCTION comity_trail_is_append_only()""",
    'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{table}_append_only"',
)
# How it tells of them; whether they are enabled (A: always) and what the function does come first.
TOLD = {
    "{table}_append_only": "A"
    + BODY
    + "CREATE TRIGGER {table}_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION comity_trail_is_append_only()",
}

# All that acts by itself on a table of the trail: table, name, text.
ACTING_SQLITE = "SELECT lower(tbl_name), name, sql FROM sqlite_master WHERE type = 'trigger'"
ACTING_POSTGRESQL = """
SELECT relname, tgname, tgenabled::text || prosrc || pg_get_triggerdef(pg_trigger.oid, true)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE tgrelid IN ('audit_entry'::regclass, 'audit_block'::regclass)
UNION ALL SELECT relname, rulename, pg_get_ruledef(pg_rewrite.oid)
    FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class
    WHERE ev_class IN ('audit_entry'::regclass, 'audit_block'::regclass)
"""


def put_up(connection: BaseDatabaseWrapper) -> list[str]:
    """Guard the tables that have no guard (any more); which they were."""
    unguarded = missing(connection)
    with connection.cursor() as cursor:
        if unguarded and connection.vendor == "postgresql":
            cursor.execute(REFUSE)
        for table in unguarded:
            _take_down(connection, cursor, table)
            for statement in SQLITE.values() if connection.vendor == "sqlite" else POSTGRESQL:
                cursor.execute(statement.format(table=table))
    return unguarded


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables of the trail that the database does not guard as it should: a guard is gone, is off or says something else."""
    acting = _acting(connection)
    return [table for table in TABLES if not _right(connection, table).items() <= acting[table].items()]


def foreign(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """What else acts on the tables of the trail: each table with the name of a trigger or a rule that is none of ours."""
    acting = _acting(connection)
    return [
        (table, name) for table in TABLES for name in acting[table] if name not in _right(connection, table)
    ]


def faults(connection: BaseDatabaseWrapper) -> list[str]:
    """All of that in sentences."""
    gone = _("The database no longer protects %(table)s against changes.")
    other = _("%(name)s acts on %(table)s and is none of ours: it may swallow or change what is recorded.")
    return [
        *(gone % {"table": table} for table in missing(connection)),
        *(other % {"table": table, "name": name} for table, name in foreign(connection)),
    ]


def _right(connection: BaseDatabaseWrapper, table: str) -> dict[str, str]:
    """The guards a table should have, by name, as the database tells of them."""
    guards = SQLITE if connection.vendor == "sqlite" else TOLD
    return {name.format(table=table): text.format(table=table) for name, text in guards.items()}


def _acting(connection: BaseDatabaseWrapper) -> dict[str, dict[str, str]]:
    """What acts by itself on each table of the trail: triggers and rules, by name."""
    found: dict[str, dict[str, str]] = {table: {} for table in TABLES}
    with connection.cursor() as cursor:
        cursor.execute(ACTING_SQLITE if connection.vendor == "sqlite" else ACTING_POSTGRESQL)
        for table, name, text in cursor.fetchall():
            found.get(table, {})[name] = text
    return found


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
