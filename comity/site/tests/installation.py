"""A whole installation in a folder of its own, used from outside, as its administrator would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dj_database_url
import psycopg
from psycopg.conninfo import make_conninfo

from comity.site import environment


class Installation:
    """`comity` run as a program, with a data folder and settings of its own; what the test itself uses is left alone."""

    def __init__(self, data: Path, **variables: str) -> None:
        self.data = data
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in environment.NAMES and name != "DJANGO_SETTINGS_MODULE"
        }
        self.variables = {
            **kept,
            "COMITY_DATA": str(data),
            "PYTHONWARNINGS": "error::ResourceWarning",
            **variables,
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "comity.site.cli", *arguments]

    def comity(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            self.command(*arguments),
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """A command that goes on while the test does; whatever it left behind is ended with it."""
        process = subprocess.Popen(
            self.command(*arguments),
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdout:
                process.stdout.close()


@contextmanager
def scratch_database() -> Iterator[str]:
    """The URL of a new, empty database on the PostgreSQL server that DATABASE_URL names; dropped afterwards."""
    server = os.environ["DATABASE_URL"]
    url = dj_database_url.parse(server)
    where = make_conninfo(
        host=url["HOST"],
        port=url["PORT"] or None,
        user=url["USER"],
        password=url["PASSWORD"],
        dbname=url["NAME"],
    )
    name = f"scratch_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
