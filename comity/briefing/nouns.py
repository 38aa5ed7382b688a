"""What this room says to those below: its pages are about the nouns of others, and it has none of its own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.briefing.digest import KIND
from comity.outbox.kinds import MailKind

NOUNS = (MailKind(KIND, _("The daily summary"), may_stop=True),)
