"""Background work: long work a person watches, and work that comes round by the clock.

Rooms declare what can be done (`LongWork`, `Recurring`); services call `start`; the command `worker` does it all.
See docs/decisions/jobs.md.
"""

from comity.jobs.progress import Progress
from comity.jobs.registry import LongWork, Recurring
from comity.jobs.services import run_now, run_waiting, start

__all__ = ["LongWork", "Progress", "Recurring", "run_now", "run_waiting", "start"]
