"""Killing a process that does something, and counting what came of it."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from django.db import connections

KILLS = 200
PATIENCE_SECONDS = 60.0  # for whoever goes on, before what is left counts as stuck


@dataclass
class Found:
    """What was counted: of how many, and what was lost, twice and stuck."""

    of: int
    lost: int
    twice: int
    stuck: int


class Kills:
    """Something that is done and killed.

    twice_per_kill  how much may be done twice for each kill
    takes           about how many seconds it takes; the kill comes somewhere in them
    """

    name = ""
    twice_per_kill = 0
    takes = 0.0

    def __init__(self, folder: Path, chance: Random) -> None:
        self.folder, self.chance = folder, chance

    def prepare(self) -> None:
        """Once."""

    def begin(self, number: int) -> None:
        """Give the next process something to do."""
        raise NotImplementedError

    def work(self) -> None:
        """Do it; in a process of its own, which is killed or ends."""
        raise NotImplementedError

    def meanwhile(self, pid: int) -> None:
        """What happens until it is killed."""
        time.sleep(self.moment())

    def go_on(self) -> None:
        """After the last kill: let it be finished, or give up."""
        raise NotImplementedError

    def count(self) -> Found:
        """What is there now."""
        raise NotImplementedError

    def moment(self) -> float:
        return self.chance.uniform(0, self.takes)

    def fork(self, work: Callable[[], object]) -> int:
        """Do something in a process of its own; its number."""
        connections.close_all()
        return os.fork() or _in_fork(work, self.folder / "log")

    def finishes(self, work: Callable[[], object]) -> int:
        """Let it be done by a process that nobody kills; how that ended, 1 if it does not."""
        pid = self.fork(work)
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            number, status = os.waitpid(pid, os.WNOHANG)
            if number:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        kill(pid)
        return 1

    def timed(self, begin: Callable[[], object], work: Callable[[], object]) -> float:
        """How long it takes where nobody kills it."""
        begin()
        began = time.monotonic()
        if self.finishes(work):
            raise RuntimeError(f"{self.name} does not even work where nobody kills it.")
        return time.monotonic() - began


def _in_fork(work: Callable[[], object], log: Path) -> int:
    ended = 1
    try:
        with log.open("ab") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        work()
        ended = 0
    except SystemExit as end:
        ended = int(end.code or 0)
    except BaseException:  # noqa: BLE001  # a fork never goes on where its parent does
        traceback.print_exc()
    sys.stdout.flush()
    os._exit(ended)


def strike(pid: int, after: float = 0.0) -> None:
    time.sleep(after)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def kill(pid: int) -> bool:
    """Kill a process of ours and take note; whether it had not ended by itself."""
    strike(pid)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def has_ended(pid: int) -> bool:
    with suppress(ChildProcessError):
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    return True


def until(condition: Callable[[], object]) -> None:
    """Wait for something, as long as patience lasts."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not condition() and time.monotonic() < give_up_at:
        time.sleep(0.02)
