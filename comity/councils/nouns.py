"""The nouns of this room: councils, their seats, their meetings, and what is brought up in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.councils.models import Council, CouncilMeeting, LiveSession, Seat, Topic
from comity.councils.services import joining, live, topics
from comity.nouns import Noun

NOUNS = (
    Noun(Council, plural=_("Councils")),
    Noun(Seat, plural=_("Seats")),
    Noun(CouncilMeeting, plural=_("Council meetings")),
    Noun(
        Topic,
        plural=_("Topics"),
        actions={
            topics.WRITE: _("wrote a topic"),
            topics.MERGE: _("merged a topic into another"),
            topics.REMOVE: _("removed a topic"),
            topics.PUT_BACK: _("put a topic back"),
        },
    ),
    Noun(
        LiveSession,
        plural=_("Live sessions"),
        office_only=True,
        actions={
            live.OPEN: _("opened a live session"),
            live.TAKE_OVER: _("took over a live session"),
            live.TAKE_UP: _("took up a topic"),
            live.LOCK: _("closed or opened writing in a live session"),
            live.RELEASE: _("released a seat in a live session"),
            live.END: _("ended a live session"),
            joining.JOIN: _("joined a live session"),
        },
    ),
)
