"""Everything a person, or a domain, does with a follow-up.

A domain needs `raise_follow_up` and, if its kind owns its ending, `finish`.
"""

from comity.followups.services.changing import undo, undoable_step
from comity.followups.services.closing import answer_by_link, answer_helped, finish, reopen, tell, withdraw
from comity.followups.services.commenting import comment
from comity.followups.services.escalating import escalate
from comity.followups.services.handing import (
    hand_over,
    hand_over_all,
    hand_over_many,
    move_due,
    move_due_many,
    own,
)
from comity.followups.services.praising import praise
from comity.followups.services.raising import add_heard, edit, raise_follow_up
