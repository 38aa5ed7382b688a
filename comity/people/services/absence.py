"""Being away, and who stands in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.people.models import Absence, User

SET_ABSENCE = "people.set_absence"
CALL_OFF_ABSENCE = "people.call_off_absence"

FARTHEST = 8  # stand-ins who are away themselves, followed before we give up


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
