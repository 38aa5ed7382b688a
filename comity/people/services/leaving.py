"""How someone is away, leaves, and comes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

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
SET_ABSENCE = "people.set_absence"
CALL_OFF_ABSENCE = "people.call_off_absence"

FARTHEST = 8  # stand-ins who are away themselves, followed before we give up


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


@transaction.atomic
def set_absence(user: User, *, starts_on: date, until_on: date, stand_in: User, by: User | str) -> Absence:
    """Write down that someone is away, both days included, and who looks after what they own.

    Raises DomainError for days the wrong way round, for a stand-in who cannot be one, and for days that were written
    down before.
    """
    if until_on < starts_on:
        raise DomainError(_("The last day cannot be before the first day."))
    if stand_in == user or not (stand_in.is_active and stand_in.is_office):
        raise DomainError(_("%(name)s cannot be the stand-in. Choose someone else.") % {"name": stand_in})
    User.objects.select_for_update().get(pk=user.pk)
    same = Absence.objects.filter(user=user, starts_on__lte=until_on, until_on__gte=starts_on).first()
    if same:
        raise DomainError(
            _("%(name)s is already away from %(start)s until %(end)s.")
            % {"name": user, "start": same.starts_on, "end": same.until_on}
        )
    absence = Absence.objects.create(user=user, stand_in=stand_in, starts_on=starts_on, until_on=until_on)
    audit.record(by=by, action=SET_ABSENCE, target=user, after=_told(absence))
    return absence


@transaction.atomic
def call_off_absence(absence: Absence, *, by: User | str) -> None:
    """Take an absence back; what its stand-in did meanwhile stays done."""
    audit.record(by=by, action=CALL_OFF_ABSENCE, target=absence.user, before=_told(absence))
    absence.delete()


def away_on(day: date, users: Collection[User]) -> list[User]:
    """Those of some people who are away on a day: mostly nobody, and that costs one query."""
    if not users:
        return []
    away = Absence.objects.on(day).filter(user__in=[user.pk for user in users]).order_by()
    keys = set(away.values_list("user", flat=True))
    return [user for user in users if user.pk in keys]


def stand_in_for(user: User, day: date) -> User | None:
    """Who looks after what `user` owns on a day, or None if they do so themselves.

    A stand-in who is away as well is stood in for in turn; when that leads nowhere, None.
    """
    someone, asked = user, {user.pk}
    for _step in range(FARTHEST):
        absence = Absence.objects.on(day).filter(user=someone).select_related("stand_in").first()
        if absence is None:
            return someone if someone.pk != user.pk else None
        someone = absence.stand_in
        if someone.pk in asked or not someone.is_active:
            return None
        asked.add(someone.pk)
    return None


def _told(absence: Absence) -> dict[str, str]:
    return {
        "starts_on": str(absence.starts_on),
        "until_on": str(absence.until_on),
        "stand_in": str(absence.stand_in),
    }
