"""Posts at partners: who holds them, since when, and which are vacant."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comity.audit.services import record
from comity.core.errors import DomainError
from comity.office.services import today, words
from comity.partners import actions, names
from comity.partners.models import Partner, Person, Position
from comity.partners.services.values import differences, position_values
from comity.people.models import User

LONGEST_TITLE = 200


@transaction.atomic
def set_position(
    *,
    by: User | str,
    partner: Partner,
    person: Person | None,
    title: str,
    function: str = Position.Function.OTHER,
    acting: bool = False,
    shared: bool = False,
    starts_on: date | None = None,
    ends_on: date | None = None,
    position: Position | None = None,
) -> Position:
    """Give someone a post, or correct one; without a person the post is vacant since `starts_on`.

    ends_on   the first day it no longer holds
    position  the post to correct; None for a new one

    Raises DomainError without a title, for days the wrong way round, and for a partner or person that is no more.
    """
    row = _locked(position.pk) if position else Position(partner=partner)
    before = position_values(row) if position else {}
    row.partner, row.person = _standing_partner(partner), _standing_person(person)
    row.title = names.tidy(title, longest=LONGEST_TITLE)
    row.function, row.acting, row.shared = function, acting and person is not None, shared
    row.starts_on, row.ends_on = starts_on, ends_on
    _check(row)
    row.save()
    _recorded(row, actions.SET_POSITION, before, by)
    if position:
        _access_after(before.get("person"), row.partner, by)
    return row


@transaction.atomic
def fill_position(
    position_id: int, *, person: Person, on: date, acting: bool = False, by: User | str
) -> Position:
    """Someone takes over a vacant post; that it was vacant stays in its history."""
    vacant = _locked(position_id)
    if not vacant.is_vacant or (vacant.ends_on and vacant.ends_on <= on):
        raise DomainError(_("This post is not vacant any more."))
    before = position_values(vacant)
    vacant.ends_on = max(on, vacant.starts_on or on)
    vacant.save(update_fields=["ends_on"])
    _recorded(vacant, actions.END_POSITION, before, by)
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
        raise DomainError(_("This post ended already."))
    before = position_values(position)
    position.ends_on = max(on, position.starts_on or on)
    position.save(update_fields=["ends_on"])
    _recorded(position, actions.END_POSITION, before, by)
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


def _access_after(person_id: int | None, partner: Partner, by: User | str) -> None:
    """Access goes with the last post: asked after every change that may have ended one."""
    from comity.partners.services.memberships import end_without_post

    if person_id is not None:
        end_without_post(today(), by=by, person_id=person_id, partner_id=partner.pk)


def _recorded(position: Position, action: str, before: dict[str, Any], by: User | str) -> None:
    was, now = differences(before, position_values(position))
    if now:
        record(
            by=by,
            action=action,
            target=position,
            before=was or None,
            after=now,
            partner_id=position.partner_id,
        )


def _check(position: Position) -> None:
    if not position.title:
        raise DomainError(_("A post needs a title."))
    if position.function not in Position.Function.values:
        raise DomainError(_("There is no function “%(function)s”.") % {"function": position.function[:40]})
    if position.starts_on and position.ends_on and position.ends_on < position.starts_on:
        raise DomainError(_("A post cannot end before it starts."))


def _standing_partner(partner: Partner) -> Partner:
    found = Partner.objects.standing().filter(pk=partner.pk).first()
    if found is None:
        raise DomainError(_("This %(partner)s is no longer there.") % {"partner": words().partner})
    return found


def _standing_person(person: Person | None) -> Person | None:
    if person is None:
        return None
    found = Person.objects.standing().filter(pk=person.pk).first()
    if found is None:
        raise DomainError(_("This person is no longer there."))
    return found


def _locked(position_id: int) -> Position:
    position = Position.objects.select_for_update().filter(pk=position_id).first()
    if position is None:
        raise DomainError(_("This post is no longer there."))
    return position
