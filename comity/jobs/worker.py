"""The worker: one thread for long work, one for each lane of recurring work, one that shows it is alive."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from comity.jobs import identity, queue, schedule
from comity.jobs.models import Due, Work
from comity.jobs.registry import lanes

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
RESCUE_EVERY_SECONDS = 15.0
AFTER_TROUBLE_SECONDS = 5.0
# When asked to stop, work that reports its progress later than this goes back to the queue.
PATIENCE_SECONDS = 8.0


class Worker:
    """Does background work until it is asked to stop, then finishes what it has in hand."""

    def __init__(self, look_every: float = LOOK_EVERY_SECONDS) -> None:
        self.look_every = look_every
        self._stopping = threading.Event()
        self._stop_asked_at = 0.0
        self._rescued_at = float("-inf")

    def stop(self) -> None:
        self._stop_asked_at = time.monotonic()
        self._stopping.set()

    def run(self) -> None:
        """Work until stopped. The long work is done on the calling thread."""
        schedule.bring_up_to_date()
        threads = [
            threading.Thread(target=self._loop, args=(f"lane {lane}", self._round_of(lane)), name=lane)
            for lane in lanes()
        ]
        # Not a daemon's errand: it beats until the last of the others has finished.
        heart = threading.Thread(target=self._beat, name="heart", daemon=True)
        heart.start()
        for thread in threads:
            thread.start()
        self._loop("long work", self._long_work)
        for thread in threads:
            thread.join()

    def _round_of(self, lane: str) -> Callable[[], bool]:
        def round_() -> bool:
            schedule.run_due(lane)
            return False

        return round_

    def _long_work(self) -> bool:
        if time.monotonic() - self._rescued_at > RESCUE_EVERY_SECONDS:
            self._rescued_at = time.monotonic()
            queue.rescue()
            schedule.rescue()
        return queue.run_next(self._out_of_patience)

    def _loop(self, what: str, once: Callable[[], bool]) -> None:
        """Call `once` again and again, without a pause while it finds something to do."""
        while not self._stopping.is_set():
            close_old_connections()
            try:
                found = once()
            except Exception:
                # The database is away, or busy for long; all that is to be done is still written down in it.
                log.exception("The worker (%s) could not go on; it tries again.", what)
                found = False
                self._stopping.wait(AFTER_TROUBLE_SECONDS)
            if not found:
                self._stopping.wait(self.look_every)
        connections.close_all()

    def _out_of_patience(self) -> bool:
        return self._stopping.is_set() and time.monotonic() - self._stop_asked_at > PATIENCE_SECONDS

    def _beat(self) -> None:
        """Show that this process lives, on all it is doing, also while that says nothing of its progress."""
        me = identity.this_process()
        while True:
            time.sleep(identity.BEAT_EVERY_SECONDS)
            try:
                close_old_connections()
                now = timezone.now()
                if Work.objects.filter(worker=me).exists():
                    Work.objects.filter(worker=me, state=Work.State.RUNNING).update(heartbeat_at=now)
                if Due.objects.filter(worker=me).exists():
                    Due.objects.filter(worker=me).update(heartbeat_at=now)
            except DatabaseError:
                log.warning("The worker could not show that it lives; it tries again.", exc_info=True)
