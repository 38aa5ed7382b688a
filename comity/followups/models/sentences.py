"""Where a follow-up stands, as a ring and as a sentence."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.core.ring import Part, Ring
from comity.followups.models.states import Helped, State

if TYPE_CHECKING:
    from comity.followups.models.follow_up import FollowUp


def ring_of(follow_up: FollowUp, today: date) -> Ring:
    """The four parts: behind us, what it waits for, what is late, what has not begun."""
    sentence = _sentence(follow_up, today)
    waiting: Part = "bad" if follow_up.is_late(today) else "now"
    match follow_up.state:
        case State.HEARD:
            unowned: Part = "bad" if follow_up.own_by < today or waiting == "bad" else "now"
            return Ring("on", unowned, "off", "off", sentence)
        case State.OWNED:
            return Ring("on", "on", waiting, "off", sentence)
        case State.DONE:
            return Ring("on", "on", "on", "now", sentence)
        case State.TOLD:
            return Ring("on", "on", "on", "on", sentence)
    return Ring("off", "off", "off", "off", sentence)


def _sentence(follow_up: FollowUp, today: date) -> str:
    match follow_up.state:
        case State.HEARD:
            return _("Heard, nobody owns it yet; %(late)s") % {"late": due_words(follow_up, today)}
        case State.OWNED:
            return _("Owned by %(owner)s, %(late)s") % {
                "owner": follow_up.owner,
                "late": due_words(follow_up, today),
            }
        case State.DONE:
            return _("Done by %(owner)s, nobody told yet") % {"owner": follow_up.owner}
        case State.WITHDRAWN:
            return _("Withdrawn")
    if follow_up.helped == Helped.YES:
        return _("Told, and it helped")
    if follow_up.helped == Helped.PARTLY:
        return _("Told, and it helped in part")
    return _("Told what came of it")


def due_words(follow_up: FollowUp, today: date) -> str:
    """How far off the promised day is: "9 days late", "due today", "due tomorrow", "due in 5 days"."""
    days = (follow_up.due_on - today).days
    if days < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
    if days == 0:
        return _("due today")
    if days == 1:
        return _("due tomorrow")
    return ngettext("due in %(days)s day", "due in %(days)s days", days) % {"days": days}
