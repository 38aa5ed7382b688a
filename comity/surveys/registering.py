"""What this room offers to the rooms below it, said once as the site starts."""

from __future__ import annotations

from comity import jobs
from comity.audit.words import register_actions
from comity.outbox import kinds as mail_kinds
from comity.surveys.services import counting
from comity.surveys.words import ACTIONS, MAIL_KINDS


def register_all() -> None:
    register_actions(ACTIONS)
    for kind in MAIL_KINDS:
        mail_kinds.register(kind)
    _counting()


def _counting() -> None:
    """Counting what arrives; a lane of its own, since many answers take seconds."""
    jobs.every(
        "surveys.count", counting.refresh_open, minutes=5, lane="surveys", when=counting.something_to_count
    )
