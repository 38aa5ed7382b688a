"""A server of a measurement's own, on loopback, with a new SQLite database that is thrown away."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Served:
    """port  where it listens; made  what PREPARE printed; environment  in which its code runs"""

    port: int
    made: Any
    environment: dict[str, str]

    def ask(self, code: str) -> Any:
        """What code prints last, as JSON, of the same database."""
        return run(code, self.environment)


@contextmanager
def served(prepare: str, *arguments: str) -> Iterator[Served]:
    """`comity serve` beside what `prepare` made, given these arguments."""
    with tempfile.TemporaryDirectory(prefix="comity-served-") as folder:
        # For clients that speak http on loopback.
        environment = {**os.environ, "COMITY_DATA": folder, "COMITY_DEBUG": "", "COMITY_DEMO": ""}
        environment.pop("DATABASE_URL", None)
        port = free_port()
        environment["COMITY_ADDRESS"] = f"http://localhost:{port}"
        made = run(prepare, environment, *arguments)
        command = [sys.executable, "-m", "comity.site.cli", "serve", "--port", str(port), "--no-worker"]
        with (Path(folder) / "server.log").open("wb") as log:
            server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            try:
                wait_for(port)
                yield Served(port, made, environment)
            finally:
                server.terminate()
                server.wait(30)


def run(code: str, environment: dict[str, str], *more: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", code, *more], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.strip().splitlines()[-1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    give_up_at = time.monotonic() + 120
    while time.monotonic() < give_up_at:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not begin to listen.")
