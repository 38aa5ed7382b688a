"""A whole installation in a folder of its own, used from outside, as its administrator would."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from comity.site import environment
from comity.testing import migrated


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

    def prepare(self) -> None:
        """Have the database and the static files of this version; SQLite's database is copied."""
        self.data.mkdir(parents=True, exist_ok=True)
        if "DATABASE_URL" not in self.variables:
            shutil.copy(migrated.sqlite_file(), self.data / "comity.sqlite3")
        done = self.comity("migrate")
        assert done.returncode == 0, done.stderr

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
