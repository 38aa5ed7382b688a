"""The noun of this room: the entries of the trail."""

from __future__ import annotations

from datetime import time

from django.utils.translation import gettext_lazy as _

from comity.audit import chain, heads, retention
from comity.audit.capabilities import VIEW_TRAIL
from comity.audit.models import Entry
from comity.jobs import Recurring
from comity.nouns import Area, Noun, Place

NOUNS = (
    Noun(
        Entry,
        places=[
            Place(
                Area.MANAGE,
                _("The trail"),
                "audit:trail",
                VIEW_TRAIL,
                _("Who changed what, and when"),
                order=1,
            )
        ],
        actions={retention.DESTROYED: _("destroyed records under the retention schedule")},
        traits=[
            # In a lane of its own: on PostgreSQL it may wait some seconds for others to finish writing.
            Recurring(
                "audit.seal",
                chain.seal,
                minutes=1,
                lane="sealing",
                when=chain.something_to_seal,
                label=_("Seal the trail"),
            ),
            Recurring(
                "audit.keep_head",
                heads.keep_daily,
                daily_at=time(2, 15),
                label=_("Keep the head of the trail elsewhere"),
            ),
            Recurring(
                "audit.apply_retention_rules",
                retention.apply_rules,
                daily_at=time(2, 30),
                label=_("Destroy records past their retention"),
            ),
        ],
    ),
)
