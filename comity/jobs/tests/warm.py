"""A Python with Comity set up, which runs code in forks of itself: a process of its own without a start of its own.

It reads a line of JSON, does what it says and answers with one: {"run": code, "out": file, "err": file, "ahead": how far the
clock is} with the process's number, {"ended": number} with how it ended, or null while it runs; {"first": code} is done here, so
that no fork has to do it again.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path

import django
from django.db import connections
from django.urls import get_resolver

from comity.testing import clock


def main() -> None:
    django.setup()
    _ = get_resolver().url_patterns  # with them the views are there
    connections.close_all()
    for line in sys.stdin:
        asked = json.loads(line)
        answer: int | None = None
        if "run" in asked:
            answer = os.fork() or _run(**asked)
        elif "first" in asked:
            exec(asked["first"], {})
            connections.close_all()
        else:
            number, status = os.waitpid(asked["ended"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if number else None
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


def _run(run: str, out: str, err: str, ahead: dict[str, str]) -> int:
    """In the fork: what it prints is written down, and it ends as a program does."""
    ended = 1
    try:
        for number, path in ((1, out), (2, err)):
            with Path(path).open("w") as file:
                os.dup2(file.fileno(), number)
        os.close(0)
        os.environ.update(ahead)
        clock.follow()
        exec(compile(run, "<code of the test>", "exec"), {"__name__": "__main__"})
        ended = 0
    except SystemExit as end:
        ended = int(end.code or 0)
    except BaseException:  # noqa: BLE001  (the fork never goes on where its parent does)
        traceback.print_exc()
    sys.stdout.flush()
    os._exit(ended)


main()
