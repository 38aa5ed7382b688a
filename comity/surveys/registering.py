"""What this room offers to the rooms below it, said once as the site starts."""

from __future__ import annotations

from comity.audit.words import register_actions
from comity.outbox import kinds as mail_kinds
from comity.surveys.words import ACTIONS, MAIL_KINDS


def register_all() -> None:
    register_actions(ACTIONS)
    for kind in MAIL_KINDS:
        mail_kinds.register(kind)
