"""Workers as processes of their own, with a database of their own, to be killed in the middle.

The database is SQLite in a folder, or one on the PostgreSQL server the suite runs on; each class has it anew. The processes
are forks of one that has Comity set up, once for all classes.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from unittest import TestCase

import psycopg
from django.db import connection

from comity.testing import clock
from comity.testing.migrated import postgresql_template, scratch_database, sqlite_file


class Ended(NamedTuple):
    """How a process ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


class Warm:
    """A Python with Comity set up, of which others are forks; it starts when the first is wanted."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.folder = tempfile.TemporaryDirectory(prefix="comity-warm-")
        self.program: subprocess.Popen[str] | None = None

    def stop(self) -> None:
        if self.program:
            self.program.kill()
            with self.program:
                pass
        self.folder.cleanup()

    def ask(self, **asked: Any) -> Any:
        if self.program is None:
            self.program = subprocess.Popen(
                [sys.executable, "-m", "comity.jobs.tests.warm"],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.program.stdin
        assert self.program.stdout
        print(json.dumps(asked), file=self.program.stdin, flush=True)
        return json.loads(self.program.stdout.readline())

    def start(self, code: str) -> Process:
        return Process(self, code)

    def run(self, code: str) -> Ended:
        """Code that runs to its end."""
        process = self.start(code)
        ended = process.wait()
        return Ended(ended, Path(process.out).read_text(), Path(process.err).read_text())


class Process:
    """Code that runs in a fork."""

    def __init__(self, warm: Warm, code: str) -> None:
        self.warm = warm
        self.out, self.err = (tempfile.mkstemp(dir=warm.folder.name)[1] for _ in range(2))
        self.pid: int = warm.ask(run=code, out=self.out, err=self.err, ahead=clock.the_same_elsewhere())
        self.ended: int | None = None

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def send_signal(self, which: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, which)

    def poll(self) -> int | None:
        if self.ended is None:
            self.ended = self.warm.ask(ended=self.pid)
        return self.ended

    def wait(self, seconds: float = 120) -> int:
        """How it ended."""
        give_up_at = time.monotonic() + seconds
        while (ended := self.poll()) is None:
            if time.monotonic() > give_up_at:
                raise AssertionError("It did not end in time.")
            time.sleep(0.01)
        return ended


@cache
def warmed_up(database: str) -> Warm:
    """The one whose data lie in a folder that each class fills anew."""
    folder = tempfile.TemporaryDirectory(prefix="comity-processes-")
    warm = Warm(
        {
            **{name: value for name, value in os.environ.items() if not name.startswith("COMITY_")},
            "COMITY_DATA": folder.name,
            "DJANGO_SETTINGS_MODULE": "comity.site.settings",
            **({"DATABASE_URL": database} if database else {}),
        }
    )
    atexit.register(folder.cleanup)
    atexit.register(warm.stop)
    return warm


class ProcessTestCase(TestCase):
    """`self.run_python(code)` and `self.start_python(code)` run with Comity set up, against a database of the class."""

    folder: Path
    environment: Mapping[str, str]
    warm: Warm

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        database = ""
        if connection.vendor == "postgresql":
            made = scratch_database(postgresql_template(), f"processes_{os.getpid()}")
            database = cls.enterClassContext(made)
        cls.warm = warmed_up(database)
        cls.environment = cls.warm.environment
        cls.folder = Path(cls.environment["COMITY_DATA"])
        cls.addClassCleanup(cls.empty)
        if not database:
            shutil.copy(sqlite_file(), cls.folder / "comity.sqlite3")

    @classmethod
    def empty(cls) -> None:
        shutil.rmtree(cls.folder)
        cls.folder.mkdir(mode=0o700)

    @classmethod
    def run_python(cls, code: str) -> Any:
        """Run code to its end; what it last printed, read as JSON."""
        done = cls.warm.run(code)
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)
        lines = done.stdout.strip().splitlines()
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
        process = self.warm.start(code)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def wait_until(self, condition: Callable[[], Any], seconds: float = 180) -> Any:
        give_up_at = time.monotonic() + seconds
        while not (found := condition()):
            self.assertLess(time.monotonic(), give_up_at, "It did not happen in time.")
            time.sleep(0.05)
        return found
