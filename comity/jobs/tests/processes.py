"""Workers as processes of their own, with a database of their own, to be killed in the middle.

The database is SQLite in a folder, or a new one on the PostgreSQL server the suite runs on.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import TestCase

from django.db import connection

from comity.testing import clock

PREPARED = "from comity.testing import clock; clock.follow()\nimport django; django.setup()\n"


class ProcessTestCase(TestCase):
    """`self.run_python(code)` and `self.start_python(code)` run with Comity set up, against a database of the class."""

    folder: Path
    environment: dict[str, str]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        kept = tempfile.TemporaryDirectory(prefix="comity-processes-")
        cls.addClassCleanup(kept.cleanup)
        cls.folder = Path(kept.name)
        cls.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COMITY_")},
            "COMITY_DATA": str(cls.folder),
            "DJANGO_SETTINGS_MODULE": "comity.site.settings",
            **clock.the_same_elsewhere(),
        }
        if connection.vendor == "postgresql":
            cls.environment["DATABASE_URL"] = _database_on_this_server(cls)
        else:
            cls.environment.pop("DATABASE_URL", None)
        cls.run_python(
            "from django.core.management import call_command; call_command('migrate', verbosity=0)"
        )

    @classmethod
    def run_python(cls, code: str) -> Any:
        """Run code to its end; what it last printed, read as JSON."""
        done = subprocess.run(
            [sys.executable, "-c", PREPARED + code],
            env=cls.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)
        lines = done.stdout.strip().splitlines()
        return json.loads(lines[-1]) if lines else None

    @classmethod
    def rows(cls, query: str) -> list[tuple[Any, ...]]:
        """Ask the class's database, without the time a process of its own would take."""
        if "DATABASE_URL" in cls.environment:
            import psycopg

            with psycopg.connect(cls.environment["DATABASE_URL"]) as direct:
                return direct.execute(query).fetchall()
        with closing(sqlite3.connect(cls.folder / "comity.sqlite3", timeout=20)) as database:
            return database.execute(query).fetchall()

    def start_python(self, code: str, **more: str) -> subprocess.Popen[bytes]:
        """Start code and go on; it is killed when the test ends, if not before."""
        process = subprocess.Popen(
            [sys.executable, "-c", PREPARED + code],
            env={**self.environment, **more},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def wait_until(self, condition: Callable[[], Any], seconds: float = 180) -> Any:
        give_up_at = time.monotonic() + seconds
        while not (found := condition()):
            self.assertLess(time.monotonic(), give_up_at, "It did not happen in time.")
            time.sleep(0.05)
        return found


def _database_on_this_server(case: type[ProcessTestCase]) -> str:
    """A new, empty database on the server of the suite's own; its address."""
    import psycopg

    given = connection.get_connection_params()
    server = {key: given[key] for key in ("host", "port", "user", "password") if given.get(key)}
    name = f"comity_processes_{os.getpid()}_{case.__name__.lower()}"

    def run(statement: str) -> None:
        with psycopg.connect(**server, dbname="postgres", autocommit=True) as direct:
            direct.execute(statement)

    run(f'CREATE DATABASE "{name}"')
    case.addClassCleanup(run, f'DROP DATABASE "{name}" WITH (FORCE)')
    host = str(server.get("host", "")).replace("/", "%2F")
    password = f":{server['password']}" if "password" in server else ""
    port = f":{server['port']}" if "port" in server else ""
    return f"postgres://{server.get('user', '')}{password}@{host}{port}/{name}"
