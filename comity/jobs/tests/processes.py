"""Workers as processes of their own, with a database of their own, to be killed in the middle.

The database is SQLite in a folder, or a new one on the PostgreSQL server the suite runs on. The processes are forks of one
that has Comity set up.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
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

import psycopg
from django.db import connection

from comity.testing import clock
from comity.testing.migrated import postgresql_template, scratch_database, sqlite_file


class ProcessTestCase(TestCase):
    """`self.run_python(code)` and `self.start_python(code)` run with Comity set up, against a database of the class."""

    folder: Path
    environment: dict[str, str]
    warm: subprocess.Popen[str]

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
            url = cls.enterClassContext(scratch_database(postgresql_template()))
            cls.environment["DATABASE_URL"] = url
        else:
            shutil.copy(sqlite_file(), cls.folder / "comity.sqlite3")
        cls.warm = cls.enterClassContext(
            subprocess.Popen(
                [sys.executable, "-m", "comity.jobs.tests.warm"],
                env=cls.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        cls.addClassCleanup(cls.warm.kill)

    @classmethod
    def ask(cls, **asked: Any) -> Any:
        """Ask the warm process."""
        assert cls.warm.stdin
        assert cls.warm.stdout
        print(json.dumps(asked), file=cls.warm.stdin, flush=True)
        return json.loads(cls.warm.stdout.readline())

    @classmethod
    def run_python(cls, code: str) -> Any:
        """Run code to its end; what it last printed, read as JSON."""
        process = Process(cls, code)
        ended = process.wait(120)
        said = process.out.read_text()
        if ended:
            raise AssertionError(said)
        lines = said.strip().splitlines()
        return json.loads(lines[-1]) if lines else None

    @classmethod
    def rows(cls, query: str) -> list[tuple[Any, ...]]:
        """Ask the class's database, without a process."""
        if "DATABASE_URL" in cls.environment:
            with psycopg.connect(cls.environment["DATABASE_URL"]) as direct:
                return direct.execute(query.encode()).fetchall()
        with closing(sqlite3.connect(cls.folder / "comity.sqlite3", timeout=20)) as database:
            return database.execute(query).fetchall()

    def start_python(self, code: str) -> Process:
        """Start code and go on; it is killed when the test ends, if not before."""
        process = Process(type(self), code)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def wait_until(self, condition: Callable[[], Any], seconds: float = 180) -> Any:
        give_up_at = time.monotonic() + seconds
        while not (found := condition()):
            self.assertLess(time.monotonic(), give_up_at, "It did not happen in time.")
            time.sleep(0.05)
        return found


class Process:
    """Code that runs in a fork of the warm process of a class."""

    def __init__(self, case: type[ProcessTestCase], code: str) -> None:
        self.case = case
        handle, name = tempfile.mkstemp(dir=case.folder, suffix=".out")
        os.close(handle)
        self.out = Path(name)
        self.pid: int = case.ask(run=code, out=name)
        self.ended: int | None = None

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def send_signal(self, which: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, which)

    def poll(self) -> int | None:
        if self.ended is None:
            self.ended = self.case.ask(ended=self.pid)
        return self.ended

    def wait(self, seconds: float = 120) -> int:
        """How it ended."""
        give_up_at = time.monotonic() + seconds
        while (ended := self.poll()) is None:
            if time.monotonic() > give_up_at:
                raise AssertionError("It did not end in time.")
            time.sleep(0.01)
        return ended
