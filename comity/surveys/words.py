"""What the mail of this room is about."""

from __future__ import annotations

from comity.outbox.kinds import MailKind
from comity.surveys.services import letters
from comity.surveys.services.accounts import mailing

MAIL_KINDS: tuple[MailKind, ...] = (letters.KIND, mailing.KIND)
