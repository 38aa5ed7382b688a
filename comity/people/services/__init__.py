"""What is done to people who sign in; each act is written to the trail."""

from comity.people.services.absence import call_off_absence, set_absence, stand_in_for
from comity.people.services.inviting import (
    accept,
    invite,
    invite_again,
    make_administrator,
    withdraw_invitation,
)
from comity.people.services.leaving import deactivate, end_access, reactivate
from comity.people.services.rights import set_roles, set_supervisor
from comity.people.services.sessions import end_sessions

__all__ = [
    "accept",
    "call_off_absence",
    "deactivate",
    "end_access",
    "end_sessions",
    "invite",
    "invite_again",
    "make_administrator",
    "reactivate",
    "set_absence",
    "set_roles",
    "set_supervisor",
    "stand_in_for",
    "withdraw_invitation",
]
