"""Handing many partners from one contact to another, and telling the partners' people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comity.audit.services import record
from comity.core.errors import DomainError
from comity.office.services import today
from comity.outbox import services as outbox
from comity.partners import actions, notices
from comity.partners.models import Assignment, Membership, Partner, Position
from comity.partners.services.assignments import assign, end_row, refresh_leads
from comity.people.models import User
from comity.search.sorting import sort_key

LONGEST_NOTE = 2_000
TOLD_POSTS = (Position.Function.HEAD, Position.Function.IT_LEAD)


@dataclass
class Told:
    """Someone at one or several partners who is written to."""

    name: str
    email: str
    language: str
    of: set[Partner] = field(default_factory=set)

    @property
    def partners(self) -> list[Partner]:
        """Those they are at, by name."""
        return sorted(self.of, key=lambda partner: (partner.sort_name, partner.pk))


@transaction.atomic
def hand_over(
    from_user: User,
    to_user: User,
    partners: QuerySet[Partner],
    on: date,
    note: str,
    by: User,
    *,
    tell: bool = True,
) -> int:
    """Give what one contact does for some partners to another, in every role; for how many partners.

    on    the first day the other looks after them
    note  words of ours in the mail to the partners' people
    tell  whether they are written to where the lead contact changes

    Raises DomainError when there is nothing to hand over, or the other cannot take it.
    """
    if from_user == to_user:
        raise DomainError(_("Choose someone else to hand over to."))
    if len(note) > LONGEST_NOTE:
        raise DomainError(
            _("A note can have up to %(longest)s characters.") % {"longest": f"{LONGEST_NOTE:,}"}
        )
    rows = list(
        Assignment.objects.filter(user=from_user, partner__in=partners)
        .not_over(on)
        .select_related("partner", "user")
    )
    if not rows:
        raise DomainError(_("%(user)s looks after none of these on that day.") % {"user": from_user})
    reason = str(_("Handed over to %(user)s.") % {"user": to_user})
    for row in rows:
        _hand_one(row, to_user, on, reason, by)
    led = [row.partner for row in rows if row.role == Assignment.Role.LEAD]
    told = who_is_told(led) if tell else []
    for person in told:
        _write(person, from_user, to_user, on, note, by)
    count = len({row.partner_id for row in rows})
    notices.tell_gaps(refresh_leads(today(), only={row.partner_id for row in rows}), by)
    notices.tell_assigned_many(to_user, count, on, by)
    record(
        by=by,
        action=actions.HAND_OVER,
        target=from_user,
        after={
            "to": to_user.email,
            "partners": count,
            "from": str(on),
            "told": len(told),
            "note": note.strip(),
        },
    )
    return count


def who_is_told(partners: list[Partner]) -> list[Told]:
    """Who hears that the contact changes: a partner's people in the portal, its heads and IT leads; each once."""
    by_pk = {partner.pk: partner for partner in partners}
    members = (
        Membership.objects.standing()
        .filter(partner__in=by_pk, user__is_active=True)
        .values_list("partner", "user__name", "user__email", "user__language")
    )
    posts = (
        Position.objects.current(today())
        .held()
        .filter(partner__in=by_pk, function__in=TOLD_POSTS)
        .exclude(person__email="")
        .values_list("partner", "person__name", "person__email", "person__language")
    )
    found: dict[str, Told] = {}
    for pk, name, email, language in [*members, *posts]:
        found.setdefault(email.casefold(), Told(name, email, language)).of.add(by_pk[pk])
    return sorted(found.values(), key=lambda person: (sort_key(person.name), person.email))


def _hand_one(row: Assignment, to_user: User, on: date, reason: str, by: User) -> None:
    """One assignment: the other takes it, unless they have that part already."""
    has_it = Assignment.objects.filter(partner=row.partner, user=to_user, role=row.role).not_over(on).exists()
    until, starts_on = row.ends_on, max(on, row.starts_on)
    end_row(row, on, reason, by)
    if not has_it and row.partner.status != Partner.Status.FORMER:
        assign(row.partner, to_user, row.role, starts_on, by, ends_on=until, alone=False)


def _write(person: Told, from_user: User, to_user: User, on: date, note: str, by: User) -> None:
    outbox.put(
        to=person.email,
        to_name=person.name,
        kind="partners.hand_over",
        template="partners/mail/hand_over",
        context={
            "person": person,
            "from_user": from_user,
            "to_user": to_user,
            "on": on,
            "note": note.strip(),
            "by": by,
            "already": on <= today(),
        },
        language=person.language,
        about=to_user,
    )
