"""The noun of this room: what was heard, with the ring it goes through."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from comity.followups.models import FollowUp
from comity.followups.services import (
    answering,
    closing,
    commenting,
    editing,
    escalating,
    handing,
    raising,
    undoing,
)
from comity.followups.services.retaining import destroy_ended
from comity.nouns import Kept, Noun, Search

ACTIONS = {
    raising.RAISE: _("wrote down what was heard"),
    handing.OWN: _("took on"),
    handing.HAND_OVER: _("handed over"),
    handing.MOVE_DUE: _("moved the due day"),
    closing.FINISH: _("said what was done"),
    closing.TELL: _("told what was done"),
    closing.REOPEN: _("opened again"),
    closing.WITHDRAW: _("withdrew"),
    answering.ANSWER: _("said whether it helped"),
    commenting.COMMENT: _("wrote a comment"),
    editing.EDIT: _("changed the words"),
    undoing.UNDO: _("took the last step back"),
    escalating.ESCALATE: _("brought to attention"),
}

NOUNS = (
    Noun(
        FollowUp,
        plural=_("Follow-ups"),
        page="followups:detail",
        actions=ACTIONS,
        search=Search("title", hint=F("partner__name")),
        traits=[Kept("follow_ups", _("Follow-ups that were told or withdrawn"), None, destroy_ended)],
    ),
)
