"""People at partners and their posts: entered, changed, ended; and what follows when somebody leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.core.layers import way
from comity.editing.changing import change, create
from comity.editing.values import Values, references
from comity.files.models import Attachment
from comity.imports import setwise
from comity.office.services import today, words
from comity.partners import actions, names
from comity.partners.models import (
    DuplicateKind,
    LikelyPair,
    Membership,
    NotDuplicate,
    Partner,
    Person,
    Position,
)
from comity.partners.models.tree import hold_tree
from comity.partners.services.memberships import end_each, end_without_post
from comity.people.models import User

LONGEST_PHONE = 50
LONGEST_TITLE = 200


def add_person(*, by: User | str, **facts: Any) -> Person:
    """Enter someone the office talks to; posts are given by `set_position`.

    facts  as in `Person`: name, email, phone, mobile, language, notes

    Raises DomainError when the name is missing or too long, or the address is none or belongs to another person.
    """
    return create(Person, facts, by=by, action=actions.ADD_PERSON, check=_check_person)


@transaction.atomic
def add_person_with_post(
    *, by: User | str, partner: Partner, post: Mapping[str, Any], **facts: Any
) -> Person:
    """Enter someone new together with the post they hold.

    post  as `set_position` takes it: title, function, starts_on ...
    """
    person = add_person(by=by, **facts)
    set_position(by=by, partner=partner, person=person, **post)
    return person


def update_person(person_id: int, values: Values, *, by: User | str, seen: Values | None = None) -> Person:
    """Change facts of a person, those named in `values`. Raises ConflictError; DomainError as `add_person`."""
    rows = Person.objects.filter(merged_into=None)
    return change(
        rows, person_id, values, by=by, action=actions.UPDATE_PERSON, seen=seen, check=_check_person
    ).row


@transaction.atomic
def person_left(person_id: int, *, on: date, leaves_vacant: bool, by: User | str) -> Person:
    """Write down that someone left: every post ends, and with the last one their access.

    on             the first day they are gone
    leaves_vacant  whether the posts are vacant from then on, or gone as well
    """
    person = Person.objects.select_for_update().filter(pk=person_id, merged_into=None).first()
    if person is None:
        raise DomainError(_("This person no longer exists."))
    for position in Position.objects.filter(person=person).not_over(on):
        end_position(position.pk, on=on, leaves_vacant=leaves_vacant, by=by)
    person = change(Person.objects.all(), person_id, {"left_on": on}, by=by, action=actions.PERSON_LEFT).row
    day = max(on, today())
    theirs = Membership.objects.not_over(day).filter(person=person)
    end_each(theirs, on=day, reason=str(_("They left.")), by=by)
    return person


def addresses_of_survivors(address: str) -> list[str]:
    """Where those are written to into whom somebody of this address was merged, unless another has the address today."""
    known = Person.objects.filter(email__iexact=address)
    if known.standing().exists():
        return []
    return list(known.filter(merged_into__isnull=False).values_list("merged_into__email", flat=True))


def follow_sign_in(user: User, old: str, by: User) -> None:
    """Someone signs in with another address: where theirs was the one we wrote to, we write to the new one.

    An address that differed stays, and so does one whose successor is another person's.
    """
    same = Person.objects.standing().filter(memberships__user=user, email__iexact=old).distinct()
    for person in same:
        with suppress(DomainError):
            update_person(person.pk, {"email": user.email}, by=by)


def _check_person(person: Person) -> None:
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


def set_position(
    *, by: User | str, partner: Partner, person: Person | None, title: str, **facts: Any
) -> Position:
    """Give someone a post; without a person it is vacant since `starts_on`.

    facts  as in `Position`: function, acting, shared, starts_on, ends_on (the first day it no longer holds), reports_to

    Raises DomainError without a title, for days the wrong way round, and for a partner or person that is no more.
    """
    values = {**facts, "partner": partner, "person": person, "title": title}
    return create(Position, values, by=by, action=actions.SET_POSITION, check=_check_post)


@transaction.atomic
def correct_position(
    position_id: int, values: Values, *, by: User | str, seen: Values | None = None
) -> Position:
    """Correct what is written of a post. Raises ConflictError; DomainError as `set_position`, and for a circle."""
    rows = Position.objects.all()
    _refuse_circle(position_id, values.get("reports_to", ()))
    changed = change(
        rows, position_id, values, by=by, action=actions.SET_POSITION, seen=seen, check=_check_post
    )
    _access_after(changed.before.get("person", changed.row.person_id), changed.row.partner, by)
    return changed.row


def _refuse_circle(position_id: int, managers: Iterable[Position]) -> None:
    """Raises DomainError for one who reports to this post already, or is it."""
    hold_tree()
    pairs = Position.reports_to.through.objects.values_list("to_position", "from_position")
    for manager in managers:
        found = way(pairs.filter(from_position__partner=manager.partner_id), position_id, manager.pk)
        if len(found) == 1:
            raise DomainError(_("A position cannot report to itself."), "reports_to")
        if found:
            post = Position.objects.get(pk=position_id)
            said = {"manager": manager, "title": post}
            raise DomainError(_("%(manager)s already reports to %(title)s.") % said, "reports_to")


@transaction.atomic
def fill_position(
    position_id: int, *, person: Person, on: date, acting: bool = False, by: User | str
) -> Position:
    """Someone takes over a vacant post; that it was vacant stays in its history."""
    vacant = _locked_post(position_id)
    if not vacant.is_vacant or (vacant.ends_on and vacant.ends_on <= on):
        raise DomainError(_("This position is no longer vacant."))
    _end(vacant, on, by)
    return _follow(vacant, by, person=person, acting=acting, starts_on=on)


@transaction.atomic
def end_position(position_id: int, *, on: date, leaves_vacant: bool = False, by: User | str) -> Position:
    """End a post, or somebody's holding of it. With someone's last post at a partner their access ends.

    on             the first day it no longer holds
    leaves_vacant  the post stays, vacant from that day on
    """
    position = _locked_post(position_id)
    if position.ends_on is not None and position.ends_on <= on:
        raise DomainError(_("This position has already ended."))
    position = _end(position, on, by)
    if leaves_vacant and not position.is_vacant:
        _follow(position, by, person=None, starts_on=position.ends_on)
    _access_after(position.person_id, position.partner, by)
    return position


def _follow(position: Position, by: User | str, **facts: Any) -> Position:
    """The same post from then on, held by another or vacant."""
    kept = {name: getattr(position, name) for name in ("partner", "title", "function", "shared")}
    kept["reports_to"] = list(position.reports_to.all())
    next_one = set_position(by=by, **kept, **facts)
    Position.reports_to.through.objects.filter(to_position=position).update(to_position=next_one)
    return next_one


def _end(position: Position, on: date, by: User | str) -> Position:
    values = {"ends_on": max(on, position.starts_on or on)}
    return change(Position.objects.all(), position.pk, values, by=by, action=actions.END_POSITION).row


def _access_after(person_id: int | None, partner: Partner, by: User | str) -> None:
    """Access goes with the last post: asked after every change that may have ended one."""
    if person_id is not None:
        end_without_post(today(), by=by, person_id=person_id, partner_id=partner.pk)


def _check_post(position: Position) -> None:
    """Tidied, at a partner and held by a person that are still there."""
    position.title = names.tidy(position.title, longest=LONGEST_TITLE)
    position.acting = position.acting and position.person_id is not None
    if not Partner.objects.standing().filter(pk=position.partner_id).exists():
        raise DomainError(_("This %(partner)s no longer exists.") % {"partner": words().partner})
    if position.person_id and not Person.objects.standing().filter(pk=position.person_id).exists():
        raise DomainError(_("This person no longer exists."))
    if not position.title:
        raise DomainError(_("Enter a title."), "title")
    if position.function not in Position.Function.values:
        raise DomainError(_("There is no function “%(function)s”.") % {"function": position.function[:40]})
    if position.starts_on and position.ends_on and position.ends_on < position.starts_on:
        raise DomainError(_("A position cannot end before it starts."), "ends_on")


def _locked_post(position_id: int) -> Position:
    position = Position.objects.select_for_update().filter(pk=position_id).first()
    if position is None:
        raise DomainError(_("This position no longer exists."))
    return position


def destroy_left(before: datetime) -> int:
    """Destroy people who left before a moment, with the posts they held; how many.

    Only those whom nothing else points at: no sign-in, follow-up, meeting, file or merged entry, of whatever room.
    """
    people = list(_forgotten(before).values_list("pk", flat=True))
    for part in setwise.chunks(people, 500):
        with transaction.atomic():
            Position.objects.filter(person__in=part).delete()
            for pairs in (LikelyPair, NotDuplicate):
                mentioned = Q(first_id__in=part) | Q(second_id__in=part)
                pairs.objects.filter(mentioned, kind=DuplicateKind.PERSON).delete()
            Person.objects.filter(pk__in=part).delete()
    return len(people)


def _forgotten(before: datetime) -> QuerySet[Person]:
    day = before.date()
    found = Person.objects.standing().filter(left_on__lt=day)
    for field in references(Person):
        rows = field.model._base_manager.filter(**{field.name: OuterRef("pk")})
        if field.model is Position:
            rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=day))
        found = found.exclude(Exists(rows))
    files = Attachment.objects.filter(owner_kind=Person._meta.label, owner_id=OuterRef("pk"))
    return found.exclude(Exists(files)).order_by("pk")
