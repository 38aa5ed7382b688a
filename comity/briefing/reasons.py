"""Why a follow-up is there: who said it, to whom and when; or in which meeting it was promised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from comity.briefing.numbers_in_words import day_within
from comity.followups import kinds
from comity.followups.models import FollowUp
from comity.people.models import User


@dataclass(frozen=True)
class Reasons:
    """Says for each of some follow-ups why it is there, to one reader; they come from `picked`, with their people."""

    reader: User
    today: date

    def said(self, row: FollowUp) -> str:
        """One line without a full stop: "Lee Park, field office lead, told Kit Lang on Nov 4"."""
        day = day_within(row.heard_on, self.today)
        if row.source_label:
            words = {"kind": kinds.label(row.kind), "source": row.source_label}
            return _("%(kind)s: %(source)s") % words
        if row.anonymous:
            return _("said anonymously %(day)s") % {"day": day}
        if row.raised_by_person is not None:
            return self._told(row, day)
        if row.raised_by_user is not None and not row.raised_by_user.is_office:
            return _("%(who)s raised it in the portal %(day)s") % {"who": row.raised_by_user, "day": day}
        return self._written(row, day)

    def _told(self, row: FollowUp, day: str) -> str:
        post = vars(row)["post"]
        who = f"{row.raised_by_person}, {_inside(post)}," if post else str(row.raised_by_person)
        words = {"who": who, "to": row.written_by, "day": day}
        if row.written_by is None:
            return _("%(who)s said it %(day)s") % words
        if row.written_by == self.reader:
            return _("%(who)s told you %(day)s") % words
        return _("%(who)s told %(to)s %(day)s") % words

    def _written(self, row: FollowUp, day: str) -> str:
        by = row.raised_by_user or row.written_by
        if by is None:
            return _("heard %(day)s") % {"day": day}
        if by == self.reader:
            return _("you wrote it down %(day)s") % {"day": day}
        return _("%(by)s wrote it down %(day)s") % {"by": by, "day": day}


def _inside(post: str) -> str:
    """A title for the inside of a sentence: "field office lead", but "IT lead"."""
    return post if post[:2].isupper() else post[:1].lower() + post[1:]


def in_their_words(row: FollowUp) -> str:
    """The line of a follow-up, in quotation marks where it is, word for word, a sentence of what was said."""
    spoken = {_plain(sentence) for sentence in re.split(r"(?<=[.!?])\s", row.said)}
    return _("“%(words)s”") % {"words": row.title} if _plain(row.title) in spoken else row.title


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".!?")
