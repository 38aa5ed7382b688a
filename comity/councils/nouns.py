"""The nouns of this room: councils, their seats, their meetings, and what is brought up in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.councils.models import Council, CouncilMeeting, Seat, Topic
from comity.nouns import Noun

NOUNS = (
    Noun(Council, plural=_("Councils")),
    Noun(Seat, plural=_("Seats")),
    Noun(CouncilMeeting, plural=_("Council meetings")),
    Noun(Topic, plural=_("Topics")),
)
