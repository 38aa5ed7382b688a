"""Makes the dumps beside this file, with the code of the version before.

In a fresh clone of that version (fc7fa75), with the same libraries, and once more with DATABASE_URL naming an empty database:

    export PYTHONPATH=$PWD COMITY_DATA=$PWD/var
    export COMITY_DEMO=1 COMITY_ADDRESS=http://localhost:8000
    python manage.py migrate && python manage.py demo
    python .../before/make.py choose rows.json
    COMITY_DATA=$PWD/other python .../before/make.py dump rows.json .../before/sqlite.sql.gz
    DATABASE_URL=... python .../before/make.py dump rows.json .../before/postgresql.sql.gz
"""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction

EACH = 3
# What a new database has by itself, and what would be wrong of a few rows: the seal of all entries, kept sums of all rows.
LEFT_OUT = {"auth", "contenttypes", "sessions", "usersessions"}
BEGINS, SCHEMA = ("CREATE TABLE ", "INSERT INTO "), ("INSERT INTO sqlite_master", "PRAGMA writable_schema")
NOT_OF_A_FEW = {"audit.block", "followups.ringcount"}


def choose(file: Path) -> None:
    """A few rows of each table of the sample state, with all that they refer to."""
    chosen: dict[models.Model, None] = {}
    for model in apps.get_models():
        if model._meta.app_label not in LEFT_OUT and model._meta.label_lower not in NOT_OF_A_FEW:
            for row in model._base_manager.order_by("pk")[:EACH]:
                _take(row, chosen)
    file.write_text(serializers.serialize("json", chosen))


def _take(row: models.Model, chosen: dict[models.Model, None]) -> None:
    if row in chosen:
        return
    chosen[row] = None
    for other in _referred(row):
        if other._meta.app_label not in LEFT_OUT:
            _take(other, chosen)


def _referred(row: models.Model) -> Iterator[models.Model]:
    for field in row._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and (other := getattr(row, field.name)):
            yield other
    for many in row._meta.many_to_many:
        yield from getattr(row, many.name).all()


def dump(rows: Path, file: Path) -> None:
    """The rows in an empty database that is migrated first, as SQL."""
    call_command("migrate", verbosity=0)
    with transaction.atomic(), connection.cursor() as cursor:
        for row in serializers.deserialize("json", rows.read_text()):
            row.save(force_insert=True)  # the trail refuses the update that `loaddata` tries first
        for statement in connection.ops.sequence_reset_sql(
            no_style(), apps.get_models(include_auto_created=True)
        ):
            cursor.execute(statement)
    file.write_bytes(gzip.compress(_sql().encode(), mtime=0))


def _sql() -> str:
    if connection.vendor == "sqlite":
        kept: dict[str, Any] = connection.settings_dict
        with sqlite3.connect(kept["NAME"]) as database:
            return "\n".join(_of_sqlite(database))
    asked = [
        "pg_dump",
        "--inserts",
        "--no-owner",
        "--no-privileges",
        f"--dbname={os.environ['DATABASE_URL']}",
    ]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return "\n".join(
        line for line in said.splitlines() if not line.startswith("\\")
    )  # those are for psql alone


def _of_sqlite(database: sqlite3.Connection) -> Iterator[str]:
    """An index of words is made anew: SQLite's own dump of one cannot be read back in one go."""
    indexes = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
    ).fetchall()
    within = tuple(f"{begin}{quote}{name}" for name, _ in indexes for begin in BEGINS for quote in "\"'")
    yield from (line for line in database.iterdump() if not line.startswith((*within, *SCHEMA)))
    for name, sql in indexes:
        yield f"{sql};\nINSERT INTO {name} ({name}) VALUES ('rebuild');"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.site.settings")
    django.setup()
    act, *files = sys.argv[1:]
    if act == "choose":
        choose(Path(files[0]))
    else:
        dump(Path(files[0]), Path(files[1]))
