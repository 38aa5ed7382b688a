"""Which of a partner's people may sign in, and the end of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.office.services import today
from comity.partners import actions, notices
from comity.partners.models import Membership, Partner, Person, Position
from comity.partners.services.assignments import record_begun, refresh_leads, write_end
from comity.people import services as accounts
from comity.people.models import User
from comity.people.roles import PARTNER_ROLES


@transaction.atomic
def grant_membership(
    *,
    by: User | str,
    person: Person,
    partner: Partner,
    role: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Membership:
    """Let one of a partner's people into the portal; someone who has no sign-in yet is invited by mail.

    ends_on  the first day it no longer holds; None while they hold a post there

    Raises DomainError when the person has no address or no post at the partner, or the role already.
    """
    starts_on = starts_on or today()
    if role not in {each.value for each in PARTNER_ROLES}:
        raise DomainError(_("There is no such role for people outside our office."))
    if ends_on is not None and ends_on <= max(starts_on, today()):
        raise DomainError(_("Access cannot end before it starts."))
    if partner.merged_into_id is not None or partner.status == Partner.Status.FORMER:
        raise DomainError(_("%(name)s is no longer served, so nobody can be invited.") % {"name": partner})
    if not Position.objects.current(today()).filter(person=person, partner=partner).exists():
        raise DomainError(
            _("%(person)s has no position at %(partner)s. Add one first.")
            % {"person": person, "partner": partner}
        )
    user = _sign_in_of(person, by)
    if Membership.objects.not_over(today()).filter(user=user, partner=partner, role=role).exists():
        raise DomainError(_("%(person)s already has this role.") % {"person": person})
    membership = Membership.objects.create(
        user=user, person=person, partner=partner, role=role, starts_on=starts_on, ends_on=ends_on
    )
    record_begun(membership, actions.GRANT_MEMBERSHIP, by)
    return membership


def _sign_in_of(person: Person, by: User | str) -> User:
    """The sign-in of a person: the one they have, brought back if it was closed, or a new one by invitation."""
    if not person.email:
        raise DomainError(
            _("%(person)s has no email address, so we cannot invite them.") % {"person": person}
        )
    known = Membership.objects.filter(person=person).select_related("user").order_by("-pk").first()
    user = known.user if known else User.objects.filter(email=person.email).first()
    if user is None:
        return accounts.invite(
            email=person.email, name=person.name, by=by, kind=User.Kind.PARTNER, language=person.language
        )
    if user.is_office:
        raise DomainError(_("%(email)s is the address of someone in our office.") % {"email": person.email})
    if not user.is_active:
        accounts.reactivate(user, by=by)
        user.refresh_from_db()
    if not user.has_joined:
        accounts.invite_again(user, by=by)
    return user


@transaction.atomic
def end_membership(
    membership_id: int, *, on: date | None = None, reason: str = "", by: User | str
) -> Membership:
    """End one role of someone in the portal; with the last one their sign-in closes and their sessions end at once.

    on  the first day it no longer holds; today if not said
    """
    membership = Membership.objects.select_for_update().filter(pk=membership_id).first()
    day = on or today()
    if membership is None or (membership.ends_on is not None and membership.ends_on <= day):
        raise DomainError(_("This access has already ended."))
    write_end(membership, day, reason, actions.END_MEMBERSHIP, by)
    user = membership.user
    if user.is_active and not user.is_office:
        if Membership.objects.not_over(today()).filter(user=user).exists():
            accounts.end_sessions(user, by=by, reason=reason)  # for they see less now
        else:
            nothing_left = str(_("There is nothing left for them to see."))
            accounts.end_access(user, reason=reason or nothing_left, by=by)
    return membership


@transaction.atomic
def end_each(rows: QuerySet[Membership], *, on: date, reason: str, by: User | str) -> int:
    """End several as `end_membership` does; how many."""
    return len([end_membership(row.pk, on=on, reason=reason, by=by) for row in rows])


def end_without_post(
    day: date, *, by: User | str, person_id: int | None = None, partner_id: int | None = None
) -> int:
    """End the memberships whose person holds no post at the partner any more; how many."""
    held = Position.objects.not_over(day).filter(partner=OuterRef("partner"), person=OuterRef("person"))
    lapsed = Membership.objects.not_over(day).filter(~Exists(held), person__isnull=False)
    if person_id is not None:
        lapsed = lapsed.filter(person=person_id)
    if partner_id is not None:
        lapsed = lapsed.filter(partner=partner_id)
    return end_each(lapsed, on=day, reason=str(_("Their last position there ended.")), by=by)


def roles_of(user: User) -> Iterable[str]:
    """The roles a partner's user holds through memberships today."""
    return Membership.objects.standing().filter(user=user).values_list("role", flat=True)


def close_lapsed(day: date) -> int:
    """For the turn of the day: end what goes with a post that ended, and close sign-ins whose last day passed."""
    ended = end_without_post(day, by="worker")
    open_still = Membership.objects.not_over(day).filter(user=OuterRef("pk"))
    over = User.objects.active().filter(
        ~Exists(open_still), kind=User.Kind.PARTNER, memberships__isnull=False
    )
    for user in over.distinct():
        accounts.end_access(user, reason=str(_("Their access ended on the day set for it.")), by="worker")
        ended += 1
    return ended


def turn_of_day() -> None:
    """What a new day brings: leads that begin or end, and access that ends with its last day."""
    notices.tell_gaps(refresh_leads(today()), by="worker")
    close_lapsed(today())
