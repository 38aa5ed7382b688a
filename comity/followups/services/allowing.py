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
            _("%(name)s owns this already. Ask them, or have it handed over.") % {"name": follow_up.owner}
            if follow_up.owner and follow_up.is_open
            else _("This has been closed, so nobody needs to own it.")
        )


def check_hand_over(follow_up: FollowUp) -> None:
    if not follow_up.is_open:
        raise DomainError(_("This has been closed; reopen it first."))


def check_move_due(follow_up: FollowUp) -> None:
    if not follow_up.is_pending:
        raise DomainError(_("What has been done is no longer due."))


def check_finish(follow_up: FollowUp, outcome: str = "") -> None:
    """outcome  given by the domain whose kind owns its ending, and only then"""
    if not follow_up.is_pending:
        raise DomainError(_("This has been done already."))
    kind = kinds.get(follow_up.kind)
    if kind.owns_ending and outcome not in dict(kind.outcomes):
        raise DomainError(_("How this ends is decided where it came from; follow the link to it."))


def check_tell(follow_up: FollowUp) -> None:
    if follow_up.state != State.DONE:
        raise DomainError(
            _("They have been told already.")
            if follow_up.state == State.TOLD
            else _("Say first what was done; then tell them.")
        )


def check_reopen(follow_up: FollowUp) -> None:
    if follow_up.is_pending:
        raise DomainError(_("This is open already."))


def check_withdraw(follow_up: FollowUp) -> None:
    if not follow_up.is_open:
        raise DomainError(_("This has been closed already."))
