"""What this room says to those below: its pages are about the nouns of others, and it has none of its own."""

from __future__ import annotations

from datetime import time

from django.utils.translation import gettext_lazy as _

from comity.briefing.capabilities import SEE_COVERAGE, SEE_OFFICE_PAGES, SEE_OVERVIEW, SEE_PORTAL
from comity.briefing.digest import KIND, send_digests
from comity.jobs import Recurring
from comity.nouns import Area, Place
from comity.outbox.kinds import MailKind
from comity.partners.tabs import Tab
from comity.services import capabilities as services

NOUNS = (
    MailKind(KIND, _("The daily summary"), may_stop=True),
    Recurring("briefing.digest", send_digests, daily_at=time(6, 0), label=_("Write the daily summaries")),
    Tab("brief", _("Brief"), "brief", SEE_OFFICE_PAGES),
    Place(Area.TODAY, _("My day"), "home", SEE_OFFICE_PAGES),
    Place(Area.TODAY, _("Overview"), "overview", SEE_OVERVIEW),
    Place(Area.TODAY, _("Overview"), "portal", SEE_PORTAL),
    Place(Area.PARTNERS, _("Coverage"), "coverage", SEE_COVERAGE),
    Place(Area.SERVICES, _("Services"), "portal_catalog", services.PORTAL, order=-1),
    Place(Area.SERVICES, _("My services"), "my_services", services.EDIT, order=1),
)
