"""`comity worker`: do the background work."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Any

from django.core.management import BaseCommand

from comity.jobs.worker import Worker


class Command(BaseCommand):
    help = "Do the background work until stopped. `comity serve` starts one worker; more can run on other machines."
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        worker = Worker()
        asked = 0

        def stop(number: int, frame: FrameType | None) -> None:
            nonlocal asked
            asked += 1
            if asked > 1:
                # Asked twice: end at once. What was in hand is taken up again by the next worker.
                os._exit(1)
            worker.stop()

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, stop)
        worker.run()
