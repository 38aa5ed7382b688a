"""The noun of this room: the connection with ServiceNow."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.itsm import samples, services, their_clocks
from comity.itsm.capabilities import CONNECT
from comity.itsm.models import Connection, Feed, Seen
from comity.jobs import LongWork, Recurring
from comity.nouns import Area, Noun, Place
from comity.partners.samples import Sample
from comity.tickets.their_clocks import TheirClocks

WORDS = _("Where tickets and requests come from")
NOUNS = (
    Noun(
        Connection,
        office_only=True,
        actions={services.CONNECT: _("connected ServiceNow"), services.SYNC: _("read ServiceNow")},
        places=[Place(Area.MANAGE, "ServiceNow", "itsm:connection", CONNECT, WORDS)],
        traits=[
            LongWork(services.SYNC, services.run, resumes=True),
            Recurring(services.SYNC, services.start_on_schedule, minutes=15, label=_("Sync with ServiceNow")),
            Sample(2, samples.connection),
            TheirClocks(their_clocks.of),
        ],
    ),
    Noun(Feed, office_only=True),
    Noun(Seen, office_only=True),
)
