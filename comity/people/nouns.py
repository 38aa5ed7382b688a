"""The noun of this room: whoever signs in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.jobs import Recurring
from comity.nouns import Act, Area, Noun, Place
from comity.outbox.kinds import MailKind
from comity.outbox.stopping import Refusal
from comity.people.capabilities import MANAGE
from comity.people.models import User
from comity.people.pickers import ANYONE_OF_US, COLLEAGUE
from comity.people.saved_views import SavedViews
from comity.people.services import inviting, leaving, profile, sessions
from comity.people.throttle import forget_old
from comity.people.tokens import refuse_guess
from comity.ui.saved_views import Keeper

ACTIONS = {
    inviting.INVITE: _("invited someone"),
    inviting.INVITE_AGAIN: _("invited someone again"),
    inviting.WITHDRAW_INVITATION: _("withdrew an invitation"),
    inviting.ACCEPT_INVITATION: _("accepted an invitation"),
    inviting.MAKE_ADMINISTRATOR: _("made someone an administrator"),
    profile.CHANGE_EMAIL: _("changed someone’s sign-in email"),
    profile.UPDATE_PROFILE: _("edited someone’s details"),
    profile.RESET_SECOND_FACTOR: _("removed someone’s second factor"),
    profile.SET_ROLES: _("set someone’s roles"),
    profile.SET_SUPERVISOR: _("set someone’s supervisor"),
    leaving.SET_ABSENCE: _("added an absence"),
    leaving.CALL_OFF_ABSENCE: _("canceled an absence"),
    sessions.END_SESSIONS: _("signed someone out everywhere"),
    leaving.DEACTIVATE: _("deactivated someone"),
    leaving.REACTIVATE: _("reactivated someone"),
    leaving.END_ACCESS: _("ended someone’s access with their last membership"),
    "people.password_changed": _("changed their password"),
    "people.password_reset": _("chose a new password using a link"),
    "people.totp_activated": _("added an authenticator app"),
    "people.totp_deactivated": _("removed their authenticator app"),
    "people.webauthn_added": _("added a passkey"),
    "people.webauthn_removed": _("removed a passkey"),
    "people.recovery_codes_generated": _("made new recovery codes"),
}

NOUNS = (
    Noun(
        User,
        plural=_("People"),
        page="people:person",
        places=[
            Place(
                Area.MANAGE,
                _("People and access"),
                "people:list",
                MANAGE,
                _("Who may sign in, and what they may do"),
            ),
            Place(Area.ACCOUNT, _("Your details and sign-in"), "people:me"),
            Place(Area.ACCOUNT, _("Second factor"), "mfa_index", under="people:me"),
            Place(Area.ACCOUNT, _("Change your password"), "account_change_password", under="people:me"),
        ],
        acts=[Act(_("Invite someone"), _("to sign in, by email"), "people:invite", MANAGE)],
        actions=ACTIONS,
        traits=[
            COLLEAGUE,
            ANYONE_OF_US,
            # None of it may be stopped: it is how one gets in, or hears that somebody else did.
            MailKind("people.invitation", _("Invitations")),
            MailKind("people.password", _("Links to choose a new password")),
            MailKind("people.security", _("Changes to how you sign in")),
            Refusal(refuse_guess),
            Keeper(SavedViews()),
            Recurring(
                "people.forget_attempts",
                forget_old,
                minutes=60,
                label=_("Delete old records of failed sign-ins and links"),
            ),
        ],
    ),
)
