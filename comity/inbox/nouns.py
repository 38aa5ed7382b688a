"""The noun of this room: mail that was sent to a partner's own address."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from comity.files.services import Owner
from comity.followups.kinds import Kind, all_said
from comity.inbox import samples, services
from comity.inbox.capabilities import READ
from comity.inbox.models import Received
from comity.inbox.retaining import destroy_past
from comity.nouns import Area, Kept, Noun, Place, Search
from comity.partners.samples import Sample
from comity.partners.tabs import Tab

NOUNS = (
    Noun(
        Received,
        plural=_("Mail"),
        page="inbox:mail",
        office_only=True,
        actions={
            services.TAKE: _("took in mail"),
            services.FILE: _("filed mail"),
            services.DISCARD: _("discarded mail"),
            services.RENEW: _("gave a new mail address"),
        },
        places=[Place(Area.PARTNERS, _("Mail"), "inbox:list", READ)],
        search=Search("subject", hint=F("partner__name"), to=READ),
        traits=[
            Owner("inbox.Received", lambda _user, _pk: False, office_only=True),
            Kept("mail_received", _("Mail from those you serve, by the day it was sent"), None, destroy_past),
            Kind(services.BY_MAIL, _("By mail"), Received, to=READ, problem=all_said),
            Tab("mail", _("Mail"), "inbox:partner", READ),
            Sample(25, samples.mail),
        ],
    ),
)
