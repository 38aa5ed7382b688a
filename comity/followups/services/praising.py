"""A compliment reaches those whom it praises, and whoever leads them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.audit.services import Actor
from comity.core.errors import DomainError
from comity.followups import notices
from comity.followups.models import FollowUp
from comity.followups.services.changing import locked
from comity.people.models import User

PRAISE = "followups.praise"
COMPLIMENT = "compliment"  # the kind of follow-up


@transaction.atomic
def praise(follow_up_id: int, *, whom: User, by: Actor) -> FollowUp:
    """Say of whom of the office a compliment speaks, too. Raises DomainError."""
    follow_up = locked(follow_up_id)
    if follow_up.praises.filter(pk=whom.pk).exists():
        raise DomainError(_("%(name)s is praised in it already.") % {"name": whom}, "whom")
    name_praised(follow_up, [whom], by=by)
    return follow_up


def name_praised(follow_up: FollowUp, users: Iterable[User], *, by: Actor) -> None:
    """Those whom a compliment praises, in the caller's transaction; they and their leads hear of it. Raises DomainError."""
    found = list(users)
    if not found:
        return
    if follow_up.kind != COMPLIMENT:
        raise DomainError(_("Only a compliment says whom it praises."), "praises")
    if any(not user.is_office or not user.is_active for user in found):
        raise DomainError(_("Only people who work in our office can be praised here."), "praises")
    follow_up.praises.add(*found)
    names = ", ".join(map(str, found))
    audit.record(
        by=by,
        action=PRAISE,
        target=follow_up,
        after={"praises": names},
        partner_id=follow_up.partner_id,
    )
    notices.praised(follow_up, found, by)
