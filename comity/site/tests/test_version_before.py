"""The data of an installation that the version before made come through the migrations.

`before/` keeps a few rows of each table of the sample state, with the tables, indexes and triggers as they were at fc7fa75.
`before/make.py` says how the dumps were made; make them anew when a version is out.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest import TestCase

import psycopg
import pytest

from comity.site.tests.installation import Installation
from comity.testing.migrated import scratch_database

DUMPS = Path(__file__).parent / "before"
GONE = {"followups_ringcount"}  # sums of what other tables hold
RENAMED = {
    "meetings_plan": "meetings_plannedvisit",
    "meetings_plan_follow_ups": "meetings_plannedvisit_follow_ups",
    "meetings_plan_partners": "meetings_plannedvisit_partners",
    "meetings_plan_theirs": "meetings_plannedvisit_theirs",
    "plan_id": "plannedvisit_id",
}
# What Django and the migrations themselves write, and how SQLite keeps its index of words.
NOT_OURS = ("django_", "auth_", "sqlite_")
INDEX_OF_WORDS = "_search"

WORKS = """
import json
from comity.audit.models import Entry
from comity.followups.models import FollowUp
from comity.followups.services import figures
from comity.partners.models import Partner, Person
from comity.surveys.models import Wave
from comity.surveys.services.results import results_of

partner, person, follow_up = Partner.objects.first(), Person.objects.first(), FollowUp.objects.first()
found = [row in type(row).objects.search(words) for row, words in (
    (partner, partner.name), (person, person.name), (follow_up, follow_up.title))]
FollowUp.objects.filter(pk=follow_up.pk).update(title="Zwiebelfish", said="", heard_on="2026-01-02")
found += [follow_up in FollowUp.objects.search(words) for words in ("zwiebel", follow_up.title)]
counted = figures.in_all(FollowUp.objects.all()).counts
heard = [counted["heard"] + counted["withdrawn"], FollowUp.objects.count()]
wave = Wave.objects.get(mode="anonymous", state="closed")
results = results_of(wave)
nobodys = {
    "sheets": wave.responses.count(),
    "marked": wave.participants.exclude(answered=False, token_hash=None).count(),
    "remarks": wave.remarks.count() > 0,
    "answered": results.answered,
    "rho": results.drivers.drivers[0].rho,
}
try:
    refused = Entry.objects.update(action="") < 0
except Exception:
    refused = True
print(json.dumps({"found": found, "heard": heard, "refused": refused, "nobodys": nobodys}))
"""

# What is kept of figures that were worked out of sheets has four digits now.
REWRITTEN = {("surveys_wave", "figures")}
NO = str(False) if "DATABASE_URL" in os.environ else "0"

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


class VersionBefore(TestCase):
    """On the kind of database that the tests run on."""

    @contextmanager
    def restored(self) -> Iterator[tuple[Installation, Any]]:
        """An installation with the rows from before, and a connection to its database."""
        with tempfile.TemporaryDirectory() as folder:
            if "DATABASE_URL" not in os.environ:
                with closing(sqlite3.connect(Path(folder) / "comity.sqlite3")) as database:
                    database.executescript(_dump("sqlite"))
                with closing(sqlite3.connect(Path(folder) / "comity.sqlite3")) as database:
                    yield Installation(Path(folder)), database
                return
            with scratch_database() as url, psycopg.connect(url, autocommit=True) as connection:
                connection.execute(_dump("postgresql").encode())
                connection.execute("SET search_path TO public")
                yield Installation(Path(folder), DATABASE_URL=url), connection

    @pytest.mark.slow
    def test_every_row_survives_and_is_found(self) -> None:
        with self.restored() as (office, database):
            before = _rows(database)
            done = office.comity("migrate")
            self.assertEqual(done.returncode, 0, done.stderr)
            after = _rows(database)
            works = _inside(office, WORKS)
        self.assertGreater(len(before), 50)
        _part(before)
        for table, (columns, rows) in before.items():
            if table in GONE:
                self.assertNotIn(table, after)
                continue
            with self.subTest(table):
                now, found = after[RENAMED.get(table, table)]
                kept = [column for column in columns if (table, column) not in REWRITTEN]
                places = [now.index(column if column in now else RENAMED[column]) for column in kept]
                was = {tuple(row[columns.index(column)] for column in kept) for row in rows}
                self.assertLessEqual(was, {tuple(row[place] for place in places) for row in found})
        self.assertEqual(works["found"], [True, True, True, True, False])
        self.assertEqual(works["heard"][0], works["heard"][1])
        self.assertTrue(works["refused"], "the trail can be changed")
        self.assertEqual(
            works["nobodys"], {"sheets": 0, "marked": 0, "remarks": True, "answered": 179, "rho": 0.3838}
        )


def _part(before: Rows) -> None:
    """Of a closed anonymous wave the sheets go, who answered, and the way from a link: see docs/decisions/anonymity.md."""
    columns, rows = before["surveys_wave"]
    waves = [dict(zip(columns, row, strict=True)) for row in rows]
    nobodys = {one["id"] for one in waves if (one["mode"], one["state"]) == ("anonymous", "closed")}
    columns, rows = before["surveys_response"]
    before["surveys_response"] = (
        columns,
        [row for row in rows if row[columns.index("wave_id")] not in nobodys],
    )
    columns, rows = before["surveys_participant"]
    for place, row in enumerate(rows):
        if row[columns.index("wave_id")] in nobodys:
            now = dict(zip(columns, row, strict=True)) | {"token_hash": "None", "answered": NO}
            rows[place] = tuple(now[column] for column in columns)


def _dump(kind: str) -> str:
    return gzip.decompress((DUMPS / f"{kind}.sql.gz").read_bytes()).decode()


def _rows(database: Any) -> Rows:
    """The names of the columns and the rows of every table of ours."""
    on_sqlite = isinstance(database, sqlite3.Connection)
    tables = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if on_sqlite
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    ).fetchall()
    found: Rows = {}
    for (table,) in tables:
        if not table.startswith(NOT_OURS) and INDEX_OF_WORDS not in table:
            asked = database.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in asked.description if column[0] != "search_words"]
            found[table] = (columns, [tuple(map(str, row))[: len(columns)] for row in asked.fetchall()])
    return found


def _inside(office: Installation, program: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{program}"],
        env={**office.variables, "DJANGO_SETTINGS_MODULE": "comity.site.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)
