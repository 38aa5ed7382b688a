"""What this room offers to the rooms below it, said once as the site starts."""

from __future__ import annotations

from datetime import time

from django.utils.translation import gettext_lazy as _

from comity import jobs
from comity.surveys.services import closing, counting, daily, reach, sending, waves
from comity.surveys.services.accounts import mailing

MORNING = time(7, 0)


def register_all() -> None:
    _asking()
    _counting()


def _asking() -> None:
    """Inviting and reminding, and what comes round by the clock."""
    jobs.register_work(waves.OPENING, sending.invite)
    jobs.register_work(waves.REMINDING, sending.remind)
    jobs.register_work(mailing.TELLING, mailing.send)
    jobs.every(
        "surveys.each_morning", daily.each_morning, daily_at=MORNING, label=_("Surveys: what the day brings")
    )
    jobs.every(
        "surveys.count_reached",
        reach.recount,
        minutes=15,
        when=reach.something_open,
        label=_("Surveys: whom the mail reached"),
    )
    jobs.every(
        "surveys.go_on",
        daily.go_on,
        minutes=5,
        when=daily.something_unfinished,
        label=_("Surveys: mail that stood still"),
    )


def _counting() -> None:
    """Counting what arrives, in a lane of its own, since many answers take seconds; and closing."""
    jobs.register_work(closing.CLOSING, closing.finish)
    jobs.every(
        "surveys.go_on_closing",
        closing.go_on,
        minutes=10,
        when=closing.something_to_close,
        label=_("Surveys: waves whose last day has passed"),
    )
    jobs.every(
        "surveys.count",
        counting.refresh_open,
        minutes=5,
        lane="surveys",
        when=counting.something_to_count,
        label=_("Surveys: answers that arrived"),
    )
