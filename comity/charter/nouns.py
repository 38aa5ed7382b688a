"""The noun of this room: the charter of the chief customer officer."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.charter import samples, services
from comity.charter.capabilities import PORTAL, READ
from comity.charter.models import Charter
from comity.editing.final import Final
from comity.notifications.kinds import NoticeKind
from comity.nouns import Area, Noun, Place
from comity.partners.samples import Sample

NOUNS = (
    Noun(
        Charter,
        page="charter:charter",
        actions={
            services.WRITE: _("wrote a draft of the charter"),
            services.ENDORSE: _("endorsed the charter"),
        },
        places=[
            Place(Area.TODAY, _("Charter"), "charter:in_force", READ, order=9),
            Place(Area.TODAY, _("Our charter"), "charter:portal", PORTAL, order=9),
        ],
        traits=[
            Final(
                Charter, "endorsed", "OLD.endorsed_at IS NOT NULL", "An endorsed charter cannot be changed."
            ),
            NoticeKind(services.TO_ENDORSE, _("A draft of the charter waits for me"), office_only=True),
            Sample(700, samples.charter),
        ],
    ),
)
