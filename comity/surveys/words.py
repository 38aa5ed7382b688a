"""What the trail calls the acts of this room, and what its mail is about. Each subject adds its own."""

from __future__ import annotations

from typing import Any

from comity.outbox.kinds import MailKind

ACTIONS: dict[str, Any] = {}

MAIL_KINDS: tuple[MailKind, ...] = ()
