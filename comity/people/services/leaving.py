"""How someone leaves, and comes back."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.people import duties
from comity.people.models import Absence, Invitation, User
from comity.people.services.profile import refuse_to_lose_administrator
from comity.people.services.sessions import drop_sessions

DEACTIVATE = "people.deactivate"
REACTIVATE = "people.reactivate"
END_ACCESS = "people.end_access"


@transaction.atomic
def deactivate(
    user: User, *, by: User, successors: Mapping[str, User] | None = None, reason: str = ""
) -> dict[str, int]:
    """Take away someone's sign-in, at once and everywhere, and hand over what they answer for.

    successors  who takes over, for each duty of which the person holds anything (by `Duty.key`)

    Says how many of each were handed over. Raises DomainError for oneself, for the last administrator, and if a duty
    would be left to nobody.
    """
    successors = successors or {}
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise DomainError(_("%(name)s is already deactivated.") % {"name": user})
    if user == by:
        raise DomainError(_("You cannot deactivate yourself. Ask another administrator."))
    if user.is_administrator:
        refuse_to_lose_administrator(user, by=by)
    handed_over = {held.duty.key: _hand_over(held, user, successors, by) for held in duties.held_by(user)}
    told = {key: f"{count} → {successors[key].email}" for key, count in handed_over.items()}
    _end(user, by, DEACTIVATE, reason=reason, handed_over=told)
    return handed_over


def _hand_over(held: duties.Held, user: User, successors: Mapping[str, User], by: User) -> int:
    successor = successors.get(held.duty.key)
    if successor is None:
        raise DomainError(
            _("Choose who takes over %(count)s %(what)s from %(name)s.")
            % {"count": held.count, "what": held.duty.label, "name": user}
        )
    if successor == user or not (successor.is_active and successor.is_office):
        raise DomainError(_("%(name)s cannot take this over. Choose someone else.") % {"name": successor})
    return held.duty.hand_over(user, successor, by)


@transaction.atomic
def end_access(user: User, *, reason: str, by: User | str) -> None:
    """Take away the sign-in of a partner's user for whom nothing is left to see. Done twice it changes nothing."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_office:
        raise DomainError(_("%(name)s works in the office. Deactivate the account instead.") % {"name": user})
    if user.is_active:
        _end(user, by, END_ACCESS, reason=reason)


@transaction.atomic
def reactivate(user: User, *, by: User | str) -> None:
    """Let someone sign in again, with the roles and the password they had; no session comes back to life."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active:
        raise DomainError(_("%(name)s is already active.") % {"name": user})
    user.is_active, user.deactivated_at = True, None
    user.save(update_fields=["is_active", "deactivated_at"])
    audit.record(
        by=by, action=REACTIVATE, target=user, before={"is_active": False}, after={"is_active": True}
    )


def _end(user: User, by: User | str, action: str, **why: object) -> None:
    now = timezone.now()
    user.is_active, user.deactivated_at = False, now
    user.save(update_fields=["is_active", "deactivated_at"])
    Invitation.objects.filter(user=user, used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    # Whoever counted on them as a stand-in has none from now on, and is seen to have none.
    Absence.objects.filter(stand_in=user, until_on__gte=timezone.localdate()).delete()
    User.objects.filter(supervisor=user).update(supervisor=user.supervisor_id)
    drop_sessions(user)
    after = {"is_active": False, **why}
    audit.record(by=by, action=action, target=user, before={"is_active": True}, after=after)
