"""A second process that lives as long as the first: the worker beside the web server.

The first process starts it, starts it again when it dies, and stops it. It learns from its standard input, which is a
pipe held open by the first process, when that one is gone without a word (kill -9), and then ends by itself.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time

log = logging.getLogger(__name__)

GRACE_SECONDS = 20.0  # to finish what it has begun
LONGEST_PAUSE_SECONDS = 30.0  # before one that keeps dying is started again


class Companion:
    """Runs `comity` with these arguments beside this process, and again whenever it ends, until `stop`."""

    def __init__(self, *arguments: str) -> None:
        self.command = [sys.executable, "-m", "comity.site.worker_process", *arguments]
        self.process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name="companion", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end, wait while it finishes what it has begun, and make it end when that takes too long."""
        with self._lock:
            self._stopping.set()
            process = self.process
        if process is not None:
            process.terminate()
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                log.warning("The worker did not stop within %d s; stopping it by force.", GRACE_SECONDS)
                process.kill()
                process.wait()
        self._thread.join()

    def _keep(self) -> None:
        pause = 0.5
        while not self._stopping.wait(0):
            started = time.monotonic()
            with self._lock:
                if self._stopping.is_set():
                    return
                # In a session of its own, so that Ctrl-C reaches it through us, in order, and not beside us.
                self.process = process = subprocess.Popen(
                    self.command, stdin=subprocess.PIPE, start_new_session=True
                )
            code = process.wait()
            if process.stdin:
                process.stdin.close()
            if self._stopping.is_set():
                return
            lived = time.monotonic() - started
            pause = 0.5 if lived > LONGEST_PAUSE_SECONDS else min(pause * 2, LONGEST_PAUSE_SECONDS)
            log.error("The worker stopped (%d) after %.0f s; restarting in %.0f s.", code, lived, pause)
            self._stopping.wait(pause)


def _end_with_the_first() -> None:
    with contextlib.suppress(OSError):
        while os.read(sys.stdin.fileno(), 1024):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_first, daemon=True).start()
    from comity.site.cli import main

    sys.exit(main())
