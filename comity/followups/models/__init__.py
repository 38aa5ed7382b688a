"""The ring: what was heard, who owns it, what was done, who was told, and whether it helped."""

from comity.followups.models.conversation import Comment, CommentQuerySet, Step, StepQuerySet
from comity.followups.models.escalation import Escalation
from comity.followups.models.follow_up import FollowUp, FollowUpQuerySet
from comity.followups.models.helped_link import HelpedLink, HelpedLinkQuerySet
from comity.followups.models.states import OPEN, PENDING, Helped, How, Severity, State

__all__ = [
    "OPEN",
    "PENDING",
    "Comment",
    "CommentQuerySet",
    "Escalation",
    "FollowUp",
    "FollowUpQuerySet",
    "Helped",
    "HelpedLink",
    "HelpedLinkQuerySet",
    "How",
    "Severity",
    "State",
    "Step",
    "StepQuerySet",
]
