"""Which steps a follow-up allows where it stands: asked before its form is shown, and again when it is sent."""

from __future__ import annotations

from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.followups import kinds
from comity.followups.models import FollowUp, State


def check_own(follow_up: FollowUp) -> None:
    """Raises DomainError, as all of these do, with the reason as a sentence."""
    if follow_up.state != State.HEARD:
        raise DomainError(
            _("%(name)s already owns this. Ask them to hand it over.") % {"name": follow_up.owner}
            if follow_up.owner and follow_up.is_open
            else _("This is closed, so nobody needs to own it.")
        )


def check_hand_over(follow_up: FollowUp) -> None:
    if not follow_up.is_open:
        raise DomainError(_("This is closed. Reopen it first."))


def check_move_due(follow_up: FollowUp) -> None:
    if not follow_up.is_pending:
        raise DomainError(_("This is already done, so its due date cannot change."))


def check_finish(follow_up: FollowUp, outcome: str = "") -> None:
    """outcome  given by the domain whose kind owns its ending, and only then"""
    if not follow_up.is_pending:
        raise DomainError(_("This is already done."))
    kind = kinds.get(follow_up.kind)
    if kind.owns_ending and outcome not in dict(kind.outcomes):
        raise DomainError(_("This is closed where it came from. Follow the link on its page."))


def check_tell(follow_up: FollowUp) -> None:
    if follow_up.state != State.DONE:
        raise DomainError(
            _("They have already been told.")
            if follow_up.state == State.TOLD
            else _("First say what was done. Then tell them.")
        )


def check_reopen(follow_up: FollowUp) -> None:
    if follow_up.is_pending:
        raise DomainError(_("This is already open."))


def check_withdraw(follow_up: FollowUp) -> None:
    if not follow_up.is_open:
        raise DomainError(_("This is already closed."))
