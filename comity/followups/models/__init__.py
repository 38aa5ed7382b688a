"""The ring: what was heard, who owns it, what was done, who was told, and whether it helped."""

from comity.followups.models.conversation import Comment, Escalation, HelpedLink, Step
from comity.followups.models.follow_up import FollowUp, FollowUpQuerySet
from comity.followups.models.states import OPEN, PENDING, Helped, How, Severity, State
