"""Two hundred kills each of import, sending, opening, answering and merging: what is lost, done twice, or stuck.

Each is done in a process that is killed at a moment drawn anew; then the next one goes on. The processes are forks of this
one, on SQLite, in a folder that is gone afterwards. What they do, and what must come of it: `killed`.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
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


def measure(subject: Kills, kills: int) -> bool:
    """Kill it so often and print what came of it; whether nothing was lost or stuck, and no more done twice than may be."""
    subject.prepare()
    began, killed = time.monotonic(), 0
    for number in range(kills):
        subject.begin(number)
        pid = subject.fork(subject.work)
        subject.meanwhile(pid)
        killed += kill(pid)
    subject.go_on()
    found = subject.count()
    kept = not found.lost and not found.stuck and found.twice <= subject.twice_per_kill * kills
    counts = "".join(f"{each:>9,}" for each in (killed, found.of, found.lost, found.twice, found.stuck))
    print(
        f"{subject.name:<12}{counts}{time.monotonic() - began:>9.0f}{'' if kept else '   over its bound'}",
        flush=True,
    )
    return kept


def main() -> int:
    """So many kills of each as the command line says; or of those alone that it names: `kills 20 opening`."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    named = sys.argv[2:]
    with tempfile.TemporaryDirectory(prefix="comity-kills-") as folder:
        here = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
        here.pop("DATABASE_URL", None)
        os.environ.clear()
        os.environ.update(
            here
            | {
                "COMITY_DATA": folder,
                "COMITY_LOG_LEVEL": "ERROR",
                "DJANGO_SETTINGS_MODULE": "comity.site.settings",
            }
        )
        import django

        django.setup()
        from django.core.management import call_command

        from comity.demo.bench.killed import SUBJECTS

        call_command("migrate", verbosity=0)
        names = "".join(f"{name:>9}" for name in ("killed", "of", "lost", "twice", "stuck", "seconds"))
        print(f"{f'{kills} kills':<12}{names}")
        chance = Random(KILLS)
        kept = [
            measure(subject(Path(folder), chance), kills)
            for subject in SUBJECTS
            if not named or subject.name in named
        ]
        if not all(kept):
            print(*(Path(folder) / "log").read_text(errors="replace").splitlines()[-40:], sep="\n")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    from comity.demo.bench.kills import main as run  # under the name that `killed` knows it by

    sys.exit(run())
