"""Background work: long work a person watches, and work that comes round by the clock.

`register_work` and `every` are called by rooms in their `AppConfig.ready`; `start` by services; the command
`worker` does it all. See docs/decisions/jobs.md.
"""

from comity.jobs.progress import Progress
from comity.jobs.registry import every, register_work, register_zone
from comity.jobs.services import run_now, run_waiting, start

__all__ = ["Progress", "every", "register_work", "register_zone", "run_now", "run_waiting", "start"]
