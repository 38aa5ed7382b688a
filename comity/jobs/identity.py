"""Who is doing a piece of work, and whether that process still lives."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import timedelta
from pathlib import Path

HOST = socket.gethostname()[:60]
BEAT_EVERY_SECONDS = 10
# A worker that did not show itself for so long is dead; on its own machine one looks for the process itself.
DEAD_AFTER = timedelta(minutes=2)

_drawn: dict[int, str] = {}


def this_process() -> str:
    """A name no other process has or had: host, process id, when it began, and something drawn once."""
    pid = os.getpid()
    if pid not in _drawn:
        _drawn[pid] = f"{HOST}/{pid}/{_of_process(pid)[1]}-{secrets.token_hex(4)}"
    return _drawn[pid]


def is_gone(worker: str) -> bool:
    """Whether a worker of this machine is certainly dead; False where it may live, or runs elsewhere."""
    place, _, drawn = worker.rpartition("/")
    host, _, pid = place.rpartition("/")
    if host != HOST or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return worker != this_process()
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    # One that was killed stays listed until its parent takes note; and its number may be another's by now.
    state, began = _of_process(int(pid))
    named = drawn.rpartition("-")[0]
    return state == "Z" or bool(named and began and named != began)


def _of_process(pid: int) -> tuple[str, str]:
    """The state of a process, and when it began by the clock of the kernel; nothing where the system does not say."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "", ""
    return said[0], said[19]
