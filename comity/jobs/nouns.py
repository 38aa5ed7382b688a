"""The noun of this room: work in the background."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from comity.jobs import queue
from comity.jobs.models import Work
from comity.nouns import Kept, Noun

NOUNS = (
    Noun(
        Work,
        page="jobs:progress",
        traits=[
            Kept("finished_work", _("Finished background work"), timedelta(days=90), queue.destroy_ended)
        ],
    ),
)
