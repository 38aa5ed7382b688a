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

from comity.audit.services import record
from comity.core.errors import DomainError
from comity.office.services import today
from comity.partners import actions, names
from comity.partners.errors import ChangedMeanwhileError, WrongFactError
from comity.partners.models import Partner, Person, Position
from comity.partners.services.values import PERSON_FACTS, differences, person_values, unknown_names
from comity.people.models import User

LONGEST_PHONE = 50


@transaction.atomic
def add_person(*, by: User | str, **facts: Any) -> Person:
    """Enter someone the office talks to; posts are given by `set_position`.

    facts  as in `Person`: name, email, phone, mobile, language, notes

    Raises DomainError when the name is missing or too long, or the address is none or belongs to another person.
    """
    _refuse_unknown(facts)
    person = Person(**_tidied(facts))
    _check(person)
    person.save()
    record(
        by=by,
        action=actions.ADD_PERSON,
        target=person,
        after={name: value for name, value in person_values(person).items() if value != ""},
    )
    return person


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


@transaction.atomic
def update_person(
    person_id: int, *, version: int | None, values: Mapping[str, Any], by: User | str
) -> Person:
    """Change facts of a person, those named in `values`.

    version  the one that was seen; None to write over whatever there is

    Raises ChangedMeanwhileError when it was saved since; DomainError as `add_person`.
    """
    _refuse_unknown(values)
    person = locked(person_id)
    if version is not None and person.version != version:
        raise ChangedMeanwhileError
    before = person_values(person)
    for name, value in _tidied(values).items():
        setattr(person, name, value)
    _check(person)
    was, now = differences(before, person_values(person))
    if not now:
        return person
    person.version += 1
    person.save()
    record(by=by, action=actions.UPDATE_PERSON, target=person, before=was, after=now)
    return person


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
    was = person.left_on
    person.left_on = on
    person.version += 1
    person.save(update_fields=["left_on", "version", "updated_at"])
    end_of_person(person, on=max(on, today()), by=by)
    record(
        by=by,
        action=actions.PERSON_LEFT,
        target=person,
        before={"left_on": str(was) if was else None},
        after={"left_on": str(on)},
    )
    return person


def follow_sign_in(user: User, old: str, by: User) -> None:
    """Someone signs in with another address: where theirs was the one we wrote to, we write to the new one.

    An address that differed stays, and so does one whose successor is another person's.
    """
    same = Person.objects.standing().filter(memberships__user=user, email__iexact=old).distinct()
    for person in same:
        with suppress(DomainError):
            update_person(person.pk, version=None, values={"email": user.email}, by=by)


def locked(person_id: int) -> Person:
    """The person, held until the transaction ends. Raises DomainError when there is none."""
    person = Person.objects.select_for_update().filter(pk=person_id, merged_into=None).first()
    if person is None:
        raise DomainError(_("This person is no longer there."))
    return person


def _refuse_unknown(values: Mapping[str, Any]) -> None:
    if wrong := unknown_names(values, PERSON_FACTS):
        raise TypeError(f"A person has no {', '.join(wrong)}.")


def _tidied(facts: Mapping[str, Any]) -> dict[str, Any]:
    tidied = dict(facts)
    if "name" in tidied:
        tidied["name"] = names.tidy(tidied["name"], longest=names.LONGEST_PERSON_NAME)
    if "email" in tidied:
        tidied["email"] = tidied["email"].strip().casefold()
    for name in ("phone", "mobile"):
        if name in tidied:
            tidied[name] = names.tidy(tidied[name], longest=LONGEST_PHONE)
    if "notes" in tidied:
        tidied["notes"] = tidied["notes"].replace("\0", "").strip()
    return tidied


def _check(person: Person) -> None:
    if not person.name:
        raise DomainError(_("A name is needed."))
    if person.language not in dict(settings.LANGUAGES):
        raise WrongFactError(
            "language", _("We do not write in “%(language)s”.") % {"language": person.language[:20]}
        )
    if not person.email:
        return
    try:
        validate_email(person.email)
    except ValidationError:
        raise WrongFactError(
            "email", _("“%(email)s” is not an e-mail address.") % {"email": person.email[:80]}
        ) from None
    if len(person.email) > 254:
        raise WrongFactError("email", _("This e-mail address is too long."))
    other = Person.objects.standing().filter(email=person.email).exclude(pk=person.pk).first()
    if other:
        raise WrongFactError(
            "email",
            _(
                "%(email)s is the address of %(name)s already. If it is the same person, give them a second post."
            )
            % {"email": person.email, "name": other},
        )
