"""Rows that are final: from a moment on the database itself refuses to change or delete them, whoever asks.

    Noun(Bill, traits=[
        Final(Bill, "issued", after="OLD.issued_at IS NOT NULL", sentence="An issued bill cannot be changed."),
    ])

The condition is SQL that both databases read: plain columns of OLD and NEW, EXISTS, `unchanged`; no booleans as such. It
is written by us, never from what somebody typed.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from comity.nouns import Trait, all_of

EVENTS = ("UPDATE", "DELETE")


@dataclass(frozen=True)
class Final(Trait):
    """A rule of a table.

    name      of the rule, among those of its table
    after     when it refuses
    sentence  what it says
    events    what it refuses: of UPDATE, DELETE and INSERT
    only      the one database that needs it; both, unless given
    """

    model: type[Model]
    name: str
    after: str
    sentence: str
    events: tuple[str, ...] = EVENTS
    only: str = ""

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def guards(self, vendor: str) -> Iterator[tuple[str, str, str]]:
        """Each trigger: its name, the event, and the condition."""
        if self.only in {"", vendor}:
            for event in self.events:
                yield f"{self.table}_{self.name}_{event.lower()}", event, self.after
            if "DELETE" in self.events:
                # REPLACE and TRUNCATE delete without a word to delete triggers.
                beside, same = ("INSERT", "held.id = NEW.id AND ") if vendor == "sqlite" else ("TRUNCATE", "")
                after = self.after.replace("OLD.", "held.")
                there = f'EXISTS (SELECT 1 FROM "{self.table}" held WHERE {same}({after}))'  # noqa: S608  (ours)
                yield f"{self.table}_{self.name}_{beside.lower()}", beside, there


def unchanged(model: type[Model], but: Container[str] = ()) -> str:
    """The condition that an update leaves all columns as they were; but for some, by the names of their fields."""
    columns = [field.column for field in model._meta.concrete_fields if field.name not in but]
    same = 'COALESCE(OLD."{0}" = NEW."{0}", OLD."{0}" IS NULL AND NEW."{0}" IS NULL)'
    return " AND ".join(same.format(column) for column in columns)


def put_up(connection: BaseDatabaseWrapper, rules: Iterable[Final] | None = None) -> None:
    """Guard every table that has rules, as they are now."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for rule in all_of(Final) if rules is None else rules:
            if rule.table not in tables:
                continue
            for name, event, condition in rule.guards(connection.vendor):
                _take_down(connection, cursor, rule.table, name)
                for statement in _statements(connection.vendor, rule, name, event, condition):
                    cursor.execute(statement)


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the guards of tables that hold rows down for a while. Only tests have a reason to: to empty their tables."""
    held = [rule for rule in all_of(Final) if rule.model._default_manager.using(connection.alias).exists()]
    with connection.cursor() as cursor:
        for rule in held:
            for name, _event, _condition in rule.guards(connection.vendor):
                _take_down(connection, cursor, rule.table, name)
    try:
        yield
    finally:
        put_up(connection, held)


def _take_down(connection: BaseDatabaseWrapper, cursor: Any, table: str, name: str) -> None:
    on = "" if connection.vendor == "sqlite" else f' ON "{table}"'
    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def _statements(vendor: str, rule: Final, name: str, event: str, condition: str) -> Iterator[str]:
    sentence = rule.sentence.replace("'", "''")
    if vendor == "sqlite":
        yield (
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{rule.table}" FOR EACH ROW WHEN {condition} '
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
        return
    row = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(event, "NEW")
    each = "STATEMENT" if event == "TRUNCATE" else "ROW"
    yield (
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN '
        f"RAISE EXCEPTION '{sentence.replace('%', '%%')}' USING ERRCODE = 'check_violation'; END IF; RETURN {row}; END $$"
    )
    yield (
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{rule.table}" FOR EACH {each} EXECUTE FUNCTION "{name}"()'
    )
