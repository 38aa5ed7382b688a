"""The noun of this room: outages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.followups.kinds import Kind, all_said
from comity.notifications.kinds import NoticeKind
from comity.nouns import Act, Area, Noun, Place
from comity.outages import samples, services
from comity.outages.capabilities import PORTAL, READ, RECORD
from comity.outages.models import Outage
from comity.outbox.kinds import MailKind
from comity.partners.samples import Sample

ASKS = _("what is down, since when, whom it hits")
NOUNS = (
    Noun(
        Outage,
        plural=_("Outages"),
        page="outages:outage",
        actions={
            services.RECORD: _("recorded an outage"),
            services.CHANGE: _("changed an outage"),
            services.NEWS: _("told what is new of an outage"),
            services.END: _("said that an outage is over"),
            services.WITHDRAW: _("called an outage off"),
        },
        places=[
            Place(Area.SERVICES, _("Outages"), "outages:list", READ, order=5),
            Place(Area.SERVICES, _("Status"), "outages:portal", PORTAL, order=5),
        ],
        acts=[Act(_("Record an outage"), ASKS, "outages:record", RECORD, about="applications.Item")],
        traits=[
            *(Sample(days, make) for days, make in samples.STORY),
            Kind(services.AFTER, _("After an outage"), Outage, problem=all_said),
            NoticeKind(services.TOLD, _("Something is down, or will be")),
            MailKind(services.TOLD, _("Outages and planned maintenance"), may_stop=True),
        ],
    ),
)
