"""What the trail calls the acts of this room, and what its mail is about."""

from django.utils.translation import gettext_lazy as _

from comity.followups.services import (
    answering,
    asking,
    closing,
    commenting,
    editing,
    escalating,
    handing,
    raising,
    undoing,
)
from comity.outbox.kinds import MailKind

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

# Not to be stopped: whoever raises something is told what came of it, once.
MAIL_KINDS = (MailKind(asking.TOLD_MAIL, _("What came of what was raised")),)
