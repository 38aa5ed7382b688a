"""How a piece of work tells how far it is, and learns that it should end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from django.utils import timezone

if TYPE_CHECKING:
    from comity.jobs.models import Work

SAY_EVERY_SECONDS = 0.5


class TakenOver(Exception):  # not an error of the work's
    """This attempt was given up for dead and another has begun; it must write nothing more."""


class Interrupted(Exception):
    """The worker is being stopped; the work goes back to the queue."""


class Watched(Protocol):
    """What work is told how far it is: `Progress`, or nobody."""

    def say(self, done: int, total: int, message: str = "") -> None: ...


class Unwatched:
    """Progress of work that is done at once, while nobody watches: that of a command."""

    def say(self, done: int, total: int, message: str = "") -> None:
        return


class Progress:
    """Handed to the function that does the work."""

    def __init__(self, work: Work, should_stop: Callable[[], bool] = lambda: False) -> None:
        self.work = work
        self._should_stop = should_stop
        self._said_at = 0.0

    def say(self, done: int, total: int, message: str = "") -> None:
        """Show how far the work is; cheap to call often, at most two writes a second are made.

        Inside a transaction of the caller's others see it when that is committed. Raises Interrupted when
        the worker has to stop, and TakenOver when another worker has taken this work; let both pass.
        """
        if self._should_stop():
            raise Interrupted
        now = time.monotonic()
        if now - self._said_at < SAY_EVERY_SECONDS and done < total:
            return
        self._said_at = now
        if not self.work.of_this_attempt().update(
            done=done, total=total, message=message, heartbeat_at=timezone.now()
        ):
            raise TakenOver
