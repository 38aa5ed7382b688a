"""The noun of this room: work in the background."""

from __future__ import annotations

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from comity.jobs import queue
from comity.jobs.capabilities import VIEW_WORK
from comity.jobs.models import Work
from comity.jobs.registry import Recurring
from comity.nouns import Area, Kept, Noun, Place

NOUNS = (
    Noun(
        Work,
        page="jobs:progress",
        places=[
            Place(
                Area.MANAGE,
                _("Background work"),
                "jobs:list",
                VIEW_WORK,
                _("What is running, waiting or failed, and what runs on a schedule"),
                order=1,
            )
        ],
        traits=[
            Kept("finished_work", _("Finished background work"), timedelta(days=90), queue.destroy_ended),
            Recurring(
                "jobs.forget_old_entries",
                queue.forget_old_entries,
                daily_at=time(3, 30),
                label=_("Delete old entries from the queue"),
            ),
        ],
    ),
)
