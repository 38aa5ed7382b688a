"""Entering and changing people, and what follows when one leaves."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values
from comity.office.services import today
from comity.partners import actions, names
from comity.partners.models import Partner, Person, Position
from comity.people.models import User

LONGEST_PHONE = 50


def add_person(*, by: User | str, **facts: Any) -> Person:
    """Enter someone the office talks to; posts are given by `set_position`.

    facts  as in `Person`: name, email, phone, mobile, language, notes

    Raises DomainError when the name is missing or too long, or the address is none or belongs to another person.
    """
    return create(Person, facts, by=by, action=actions.ADD_PERSON, check=_check)


@transaction.atomic
def add_person_with_post(
    *, by: User | str, partner: Partner, post: Mapping[str, Any], **facts: Any
) -> Person:
    """Enter someone new together with the post they hold.

    post  as `set_position` takes it: title, function, starts_on ...
    """
    from comity.partners.services.positions import set_position

    person = add_person(by=by, **facts)
    set_position(by=by, partner=partner, person=person, **post)
    return person


def update_person(person_id: int, values: Values, *, by: User | str, seen: Values | None = None) -> Person:
    """Change facts of a person, those named in `values`. Raises ConflictError; DomainError as `add_person`."""
    rows = Person.objects.filter(merged_into=None)
    return change(rows, person_id, values, by=by, action=actions.UPDATE_PERSON, seen=seen, check=_check).row


@transaction.atomic
def person_left(person_id: int, *, on: date, leaves_vacant: bool, by: User | str) -> Person:
    """Write down that someone left: every post ends, and with the last one their access.

    on             the first day they are gone
    leaves_vacant  whether the posts are vacant from then on, or gone as well
    """
    from comity.partners.services.memberships import end_of_person
    from comity.partners.services.positions import end_position

    person = locked(person_id)
    for position in Position.objects.filter(person=person).not_over(on):
        end_position(position.pk, on=on, leaves_vacant=leaves_vacant, by=by)
    person = change(Person.objects.all(), person_id, {"left_on": on}, by=by, action=actions.PERSON_LEFT).row
    end_of_person(person, on=max(on, today()), by=by)
    return person


def follow_sign_in(user: User, old: str, by: User) -> None:
    """Someone signs in with another address: where theirs was the one we wrote to, we write to the new one.

    An address that differed stays, and so does one whose successor is another person's.
    """
    same = Person.objects.standing().filter(memberships__user=user, email__iexact=old).distinct()
    for person in same:
        with suppress(DomainError):
            update_person(person.pk, {"email": user.email}, by=by)


def locked(person_id: int) -> Person:
    """The person, held until the transaction ends. Raises DomainError when there is none."""
    person = Person.objects.select_for_update().filter(pk=person_id, merged_into=None).first()
    if person is None:
        raise DomainError(_("This person no longer exists."))
    return person


def _check(person: Person) -> None:
    """Tidied, and right in itself and beside the others."""
    person.name = names.tidy(person.name, longest=names.LONGEST_PERSON_NAME)
    if not person.name:
        raise DomainError(_("Enter a name."))
    person.email = person.email.strip().casefold()
    person.phone = names.tidy(person.phone, longest=LONGEST_PHONE)
    person.mobile = names.tidy(person.mobile, longest=LONGEST_PHONE)
    person.notes = person.notes.replace("\0", "").strip()
    if person.language not in dict(settings.LANGUAGES):
        raise DomainError(
            _("We do not write in “%(language)s”.") % {"language": person.language[:20]}, "language"
        )
    if not person.email:
        return
    try:
        validate_email(person.email)
    except ValidationError:
        raise DomainError(
            _("“%(email)s” is not an email address.") % {"email": person.email[:80]}, "email"
        ) from None
    if len(person.email) > 254:
        raise DomainError(_("This email address is too long."), "email")
    other = Person.objects.standing().filter(email=person.email).exclude(pk=person.pk).first()
    if other:
        raise DomainError(
            _(
                "%(email)s is already the address of %(name)s. If this is the same person, add a "
                "position for them."
            )
            % {"email": person.email, "name": other},
            "email",
        )
