"""Everything a person, or a domain, does with a follow-up.

A domain needs `raise_follow_up` and, if its kind owns its ending, `finish`.
"""

from comity.followups.services.answering import answer_by_link, answer_helped
from comity.followups.services.closing import finish, reopen, tell, withdraw
from comity.followups.services.commenting import comment
from comity.followups.services.editing import add_heard, edit
from comity.followups.services.escalating import escalate
from comity.followups.services.handing import (
    hand_over,
    hand_over_all,
    hand_over_many,
    move_due,
    move_due_many,
    own,
)
from comity.followups.services.raising import raise_follow_up
from comity.followups.services.undoing import undo, undoable_step
