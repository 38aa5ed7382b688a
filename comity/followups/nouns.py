"""The noun of this room: what was heard, with the ring it goes through."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from comity.followups.models import FollowUp
from comity.nouns import Noun, Search

NOUNS = (
    Noun(
        FollowUp,
        plural=_("Follow-ups"),
        page="followups:detail",
        search=Search("title", hint=F("partner__name")),
    ),
)
