"""One migrated database, of which there are copies: a pytest plugin (named in the conftest.py of the whole suite).

To migrate takes seconds, to copy next to nothing. It is made by whoever needs it first, and anew once a library has changed,
or what of our source the tables follow from.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

from comity.testing import clock

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".pytest_cache" / "d" / "migrated"
MIGRATE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0); call_command("createcachetable", verbosity=0)
"""
HOUR = 3600
SECONDS_TO_LEAVE = 5  # a session takes a moment to end


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """In the place of pytest-django's own, which migrates."""
    if connection.vendor == "postgresql":
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = postgresql_template()
    with django_db_blocker.unblock(), patch("django.core.management.call_command", _copy_instead):
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            creation: Any = connection.creation
            creation._destroy_test_db = _destroy
        teardown_databases(made, verbosity=0)


def _destroy(name: str, verbosity: int) -> None:
    wrapper: Any = connection
    wrapper.close_pool()
    for left in drop_whoever_is_there(name):
        sys.stderr.write(f"{left}\n")


def drop_whoever_is_there(name: str) -> list[str]:
    """Drop a database on PostgreSQL; what sessions did that it ended, as a test has to close what its threads open."""
    with _server() as server:
        asked = "SELECT state, query FROM pg_stat_activity WHERE datname = %s"
        give_up_at = time.monotonic() + SECONDS_TO_LEAVE
        while (left := server.execute(asked, [name]).fetchall()) and time.monotonic() < give_up_at:
            time.sleep(0.05)
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
    return [f"A test left a session in {name}, {state}, which last did: {query}" for state, query in left]


def _copy_instead(command: str, **options: object) -> None:
    if command == "migrate" and connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(sqlite_file())) as migrated:
            migrated.backup(connection.connection)


def sqlite_file() -> Path:
    """The file of the migrated database, to be copied."""
    file = KEPT / f"{_version()}.sqlite3"
    with _one_at_a_time():
        if not file.exists():
            with tempfile.TemporaryDirectory(dir=KEPT) as data:
                _migrate(COMITY_DATA=data)
                (Path(data) / "comity.sqlite3").rename(file)
            for old in KEPT.glob("*.sqlite3"):
                if old.stat().st_mtime < clock.real_time() - HOUR:
                    old.unlink()
    return file


def postgresql_template() -> str:
    """The name of the migrated database on the server that DATABASE_URL names."""
    name = f"migrated_{_version()}"
    with _one_at_a_time(), _server() as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            with tempfile.TemporaryDirectory() as data, scratch_database() as url:
                _migrate(COMITY_DATA=data, DATABASE_URL=url)
                server.execute(f"CREATE DATABASE {name} TEMPLATE {url.rpartition('/')[2]}".encode())
    return name


@contextmanager
def scratch_database(template: str = "template1", name: str = "") -> Iterator[str]:
    """The URL of a new database on the PostgreSQL server that DATABASE_URL names; dropped afterwards."""
    name = name or f"scratch_{uuid.uuid4().hex[:12]}"
    with _server() as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        try:
            yield f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def pytest_unconfigure(config: pytest.Config) -> None:
    if "DATABASE_URL" in os.environ and not hasattr(config, "workerinput"):
        with _server() as server:
            server.execute(f"DROP DATABASE IF EXISTS migrated_{_version()} WITH (FORCE)".encode())


# What the tables, their guards and their indexes follow from: no page, no service, no calculation.
MADE_FROM = (
    "comity/**/migrations/*.py",
    "comity/**/models*.py",
    "comity/*/models/*.py",
    "comity/*/apps.py",
    "comity/*/nouns.py",
    "comity/audit/guards.py",
    "comity/editing/*.py",
    "comity/search/*.py",
    "comity/site/settings.py",
    "comity/testing/*.py",
)


@cache
def _version() -> str:
    """What the migrated database follows from, as a short word."""
    found = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for source in sorted({source for pattern in MADE_FROM for source in ROOT.glob(pattern)}):
        found.update(source.read_bytes())
    return found.hexdigest()[:12]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _server() -> psycopg.Connection:
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def _migrate(**variables: str) -> None:
    ours = {name for name in os.environ if name.startswith("COMITY_") or name == "DATABASE_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    every = {**kept, "DJANGO_SETTINGS_MODULE": "comity.site.settings", **variables}
    subprocess.run([sys.executable, "-c", MIGRATE], cwd=ROOT, env=every, check=True)
