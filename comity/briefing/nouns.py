"""What this room says to those below: its pages are about the nouns of others, and it has none of its own."""

from __future__ import annotations

from datetime import time

from django.utils.translation import gettext_lazy as _

from comity.briefing.digest import KIND, send_digests
from comity.jobs import Recurring
from comity.outbox.kinds import MailKind

NOUNS = (
    MailKind(KIND, _("The daily summary"), may_stop=True),
    Recurring("briefing.digest", send_digests, daily_at=time(6, 0), label=_("Write the daily summaries")),
)
