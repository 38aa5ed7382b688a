"""Two hundred kills each of import, sending, opening, answering and merging: what is lost, done twice, or stuck.

Each is done in a process that is killed at a moment drawn anew; then the next one goes on. The processes are forks of this
one, on SQLite, in a folder that is gone afterwards. What they do, and what must come of it: `killed`.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from comity.demo.bench.killing import KILLS, Kills, kill


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
    sys.exit(main())
