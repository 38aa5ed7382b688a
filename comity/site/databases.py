"""Taking a whole database out and putting it back, for the two kinds of database that Comity runs on.

Both give the sums of every table (how many rows, and a hash over them in the order of their keys), so that what was
put back can be proved to be what was taken out.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.client import DatabaseClient

from comity.core.errors import DomainError


class TableSum(NamedTuple):
    """What a table holds: two tables with equal sums hold the same rows."""

    rows: int
    sha256: str


TableSums = dict[str, TableSum]


class Database(Protocol):
    """The database of this installation."""

    vendor: str

    def take_out(self, file: Path) -> TableSums:
        """Write everything into `file`, as it is at one moment, while others go on working; the sums of that moment."""

    def put_back(self, file: Path) -> None:
        """Replace everything with what `file` holds, wholly or not at all."""

    def sums(self) -> TableSums:
        """The sums of every table as it is now."""


def this_database() -> Database:
    return SQLite() if connection.vendor == "sqlite" else PostgreSQL()


class SQLite:
    vendor = "sqlite"

    def take_out(self, file: Path) -> TableSums:
        with self._opened() as live, closing(sqlite3.connect(file)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without its log beside it
            return _sqlite_sums(copy)

    def put_back(self, file: Path) -> None:
        connections.close_all()
        try:
            with closing(sqlite3.connect(file)) as copy, self._opened() as live:
                copy.backup(live)
        except sqlite3.OperationalError as error:
            raise DomainError(
                f"The database cannot be replaced now ({error}). Stop Comity, then try again."
            ) from error

    def sums(self) -> TableSums:
        with self._opened() as live:
            return _sqlite_sums(live)

    def _opened(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection that gives what is stored, without Django's own ideas of dates."""
        return closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=20))


def _sqlite_sums(database: sqlite3.Connection) -> TableSums:
    database.text_factory = bytes  # as stored, even where it is no text
    names = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).fetchall()
    return {name.decode(): _sqlite_sum(database, name.decode()) for (name,) in names}


def _sqlite_sum(database: sqlite3.Connection, table: str) -> TableSum:
    columns = database.execute(f'PRAGMA table_info("{table}")').fetchall()
    key = [name.decode() for _, name, *_, place in sorted(columns, key=lambda column: column[-1]) if place]
    order = ", ".join(f'"{name}"' for name in key) or "rowid"
    digest, count = hashlib.sha256(), 0
    # Names of tables and columns come from the database itself.
    for row in database.execute(f'SELECT * FROM "{table}" ORDER BY {order}'):
        digest.update(repr(row).encode())
        count += 1
    return TableSum(count, digest.hexdigest())


class PostgreSQL:
    vendor = "postgresql"

    def take_out(self, file: Path) -> TableSums:
        # pg_dump and the sums see the database as it is at one and the same moment.
        with _snapshot() as (snapshot, wrapper):
            arguments = ["--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges"]
            _run("pg_dump", *arguments, f"--file={file}")
            return _postgresql_sums(wrapper)

    def put_back(self, file: Path) -> None:
        connections.close_all()
        script = file.with_suffix(".sql")
        _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(file), database=False)
        begin = file.with_suffix(".begin.sql")
        begin.write_text(
            "SET client_min_messages = warning;\nDROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"
        )
        everything = [
            "--quiet",
            "--no-psqlrc",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            "--output=/dev/null",
        ]
        _run("psql", *everything, f"--file={begin}", f"--file={script}")

    def sums(self) -> TableSums:
        with _snapshot() as (_, wrapper):
            return _postgresql_sums(wrapper)


@contextmanager
def _snapshot() -> Iterator[tuple[str, BaseDatabaseWrapper]]:
    """A connection of its own that sees one moment, and the name under which other programs can see that moment."""
    wrapper = connection.copy()
    try:
        wrapper.set_autocommit(False)
        with wrapper.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor.fetchone()[0], wrapper
    finally:
        wrapper.rollback()
        wrapper.set_autocommit(True)
        wrapper.close()


def _postgresql_sums(wrapper: BaseDatabaseWrapper) -> TableSums:
    with wrapper.cursor() as cursor:
        listed = wrapper.introspection.get_table_list(cursor)
        tables = sorted(info.name for info in listed if info.type == "t")
        keys = {table: wrapper.introspection.get_primary_key_columns(cursor, table) for table in tables}
    return {table: _postgresql_sum(wrapper, table, keys[table] or []) for table in tables}


def _postgresql_sum(wrapper: BaseDatabaseWrapper, table: str, key: Sequence[str]) -> TableSum:
    quote = wrapper.ops.quote_name
    order = ", ".join(map(quote, key)) or f"{quote(table)}::text"
    digest, count = hashlib.sha256(), 0
    rows = f"COPY (SELECT * FROM {quote(table)} ORDER BY {order}) TO STDOUT"
    with wrapper.cursor() as cursor, cursor.copy(rows) as copy:
        for block in copy:
            digest.update(block)
            count += bytes(block).count(b"\n")
    return TableSum(count, digest.hexdigest())


def _run(program: str, *arguments: str, database: bool = True) -> None:
    """One of PostgreSQL's own programs, on the database of this installation."""
    found = shutil.which(program)
    if found is None:
        raise DomainError(
            f"This needs PostgreSQL’s {program}, which is not installed here. "
            "On Debian or Ubuntu: apt install postgresql-client"
        )
    # "psql -U user -h host ... name": what Django would call, of which we need all but the program.
    address, secrets = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    where: list[str] = [*address[1:-1], f"--dbname={address[-1]}"] if database else []
    environment: dict[str, Any] = {**os.environ, **(secrets or {})}
    done = subprocess.run(
        [found, *where, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"it exited with {done.returncode}"]
        raise DomainError(f"{program} failed: {said[0]}")
