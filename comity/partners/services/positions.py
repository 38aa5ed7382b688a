"""Posts at partners: who holds them, since when, and which are vacant."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values
from comity.office.services import today, words
from comity.partners import actions, names
from comity.partners.models import Partner, Person, Position
from comity.people.models import User

LONGEST_TITLE = 200


def set_position(
    *, by: User | str, partner: Partner, person: Person | None, title: str, **facts: Any
) -> Position:
    """Give someone a post; without a person it is vacant since `starts_on`.

    facts  as in `Position`: function, acting, shared, starts_on, ends_on (the first day it no longer holds)

    Raises DomainError without a title, for days the wrong way round, and for a partner or person that is no more.
    """
    values = {**facts, "partner": partner, "person": person, "title": title}
    return create(Position, values, by=by, action=actions.SET_POSITION, check=_check)


@transaction.atomic
def correct_position(
    position_id: int, values: Values, *, by: User | str, seen: Values | None = None
) -> Position:
    """Correct what is written of a post. Raises ConflictError; DomainError as `set_position`."""
    rows = Position.objects.all()
    changed = change(rows, position_id, values, by=by, action=actions.SET_POSITION, seen=seen, check=_check)
    _access_after(changed.before.get("person", changed.row.person_id), changed.row.partner, by)
    return changed.row


@transaction.atomic
def fill_position(
    position_id: int, *, person: Person, on: date, acting: bool = False, by: User | str
) -> Position:
    """Someone takes over a vacant post; that it was vacant stays in its history."""
    vacant = _locked(position_id)
    if not vacant.is_vacant or (vacant.ends_on and vacant.ends_on <= on):
        raise DomainError(_("This position is no longer vacant."))
    _end(vacant, on, by)
    return set_position(
        by=by,
        partner=vacant.partner,
        person=person,
        title=vacant.title,
        function=vacant.function,
        shared=vacant.shared,
        acting=acting,
        starts_on=on,
    )


@transaction.atomic
def end_position(position_id: int, *, on: date, leaves_vacant: bool = False, by: User | str) -> Position:
    """End a post, or somebody's holding of it. With someone's last post at a partner their access ends.

    on             the first day it no longer holds
    leaves_vacant  the post stays, vacant from that day on
    """
    position = _locked(position_id)
    if position.ends_on is not None and position.ends_on <= on:
        raise DomainError(_("This position has already ended."))
    position = _end(position, on, by)
    if leaves_vacant and not position.is_vacant:
        set_position(
            by=by,
            partner=position.partner,
            person=None,
            title=position.title,
            function=position.function,
            shared=position.shared,
            starts_on=position.ends_on,
        )
    _access_after(position.person_id, position.partner, by)
    return position


def _end(position: Position, on: date, by: User | str) -> Position:
    values = {"ends_on": max(on, position.starts_on or on)}
    return change(Position.objects.all(), position.pk, values, by=by, action=actions.END_POSITION).row


def _access_after(person_id: int | None, partner: Partner, by: User | str) -> None:
    """Access goes with the last post: asked after every change that may have ended one."""
    from comity.partners.services.memberships import end_without_post

    if person_id is not None:
        end_without_post(today(), by=by, person_id=person_id, partner_id=partner.pk)


def _check(position: Position) -> None:
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


def _locked(position_id: int) -> Position:
    position = Position.objects.select_for_update().filter(pk=position_id).first()
    if position is None:
        raise DomainError(_("This position no longer exists."))
    return position
