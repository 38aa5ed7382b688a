"""Who is doing a piece of work, and whether that process still lives."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import timedelta

HOST = socket.gethostname()[:60]
BEAT_EVERY_SECONDS = 10
# A worker that did not show itself for so long is dead; on its own machine one looks for the process itself.
DEAD_AFTER = timedelta(minutes=2)

_drawn: dict[int, str] = {}


def this_process() -> str:
    """A name no other process has or had: host, process id, and something drawn once."""
    pid = os.getpid()
    if pid not in _drawn:
        _drawn[pid] = f"{HOST}/{pid}/{secrets.token_hex(4)}"
    return _drawn[pid]


def is_gone(worker: str) -> bool:
    """Whether a worker of this machine is certainly dead; False where it may live, or runs elsewhere."""
    host, _, rest = worker.rpartition("/")[0].rpartition("/")
    if host != HOST or not rest.isdigit():
        return False
    if int(rest) == os.getpid():
        return worker != this_process()
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
