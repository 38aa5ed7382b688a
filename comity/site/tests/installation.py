"""A whole installation in a folder of its own, used from outside, as its administrator would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command and go on; the caller ends it."""
        return subprocess.Popen(
            self.command(*arguments),
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
