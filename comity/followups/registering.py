"""What this room offers to the rooms below it, said once as the site starts."""

from __future__ import annotations

from datetime import time

from django.utils.translation import gettext_lazy as _

from comity import jobs
from comity.followups import services
from comity.followups.counting.keeping import add_up

MORNING = time(6, 30)


def register_all() -> None:
    jobs.every(
        "followups.escalate", services.escalate, minutes=60, label=_("Bring what stands still to attention")
    )
    jobs.every(
        "followups.escalate_each_morning",
        services.escalate,
        daily_at=MORNING,
        label=_("Bring what stands still to attention, first thing"),
    )
    jobs.every("followups.add_up", add_up, minutes=10, label=_("Add up the figures of the ring"))
