"""Who answers for a follow-up, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.followups import notices
from comity.followups.models import FollowUp, State, Step
from comity.followups.services.changing import (
    Actor,
    change,
    check_hand_over,
    check_move_due,
    check_own,
    locked,
    required,
)
from comity.followups.services.commenting import comment
from comity.followups.services.raising import refuse_owner
from comity.office import services as office
from comity.people.models import User

OWN = "followups.own"
HAND_OVER = "followups.hand_over"
MOVE_DUE = "followups.move_due"


@transaction.atomic
def own(follow_up_id: int, *, by: User, due_on: date | None = None, version: int | None = None) -> FollowUp:
    """Take it on. The day in force now, or `due_on`, becomes the day promised."""
    follow_up = locked(follow_up_id, version)
    check_own(follow_up)
    if due_on is not None and due_on < office.today():
        raise DomainError(_("Choose today or a later day."))
    _take_on(follow_up, by, by, due_on=due_on)
    return follow_up


@transaction.atomic
def hand_over(
    follow_up_id: int, *, to: User, by: Actor, words: str = "", version: int | None = None
) -> FollowUp:
    """Make somebody else answer for it; `words` to them become a comment only the office sees."""
    follow_up = locked(follow_up_id, version)
    check_hand_over(follow_up)
    if follow_up.owner_id == to.pk:
        raise DomainError(_("%(name)s already owns this.") % {"name": to})
    refuse_owner(to)
    _hand_over(follow_up, to, by, words)
    notices.handed_over(follow_up, by)
    return follow_up


@transaction.atomic
def hand_over_many(follow_up_ids: Iterable[int], *, to: User, by: Actor, words: str = "") -> int:
    """Hand over all that are still open and not theirs already; how many."""
    refuse_owner(to)
    rows = FollowUp.objects.open().filter(pk__in=list(follow_up_ids)).exclude(owner=to)
    handed = [locked(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]
    for follow_up in handed:
        _hand_over(follow_up, to, by, words)
    notices.handed_over_many(handed, to, by)
    return len(handed)


def _hand_over(follow_up: FollowUp, to: User, by: Actor, words: str) -> None:
    _take_on(follow_up, to, by)
    if words.strip() and isinstance(by, User):
        comment(follow_up.pk, words=words, by=by, office_only=True)


def hand_over_all(owner: User, to: User, by: User) -> int:
    """Hand over everything someone answers for, because they leave; how many."""
    return hand_over_many(FollowUp.objects.owned_by(owner).values_list("pk", flat=True), to=to, by=by)


@transaction.atomic
def move_due(
    follow_up_id: int, *, due_on: date, words: str, by: Actor, version: int | None = None
) -> FollowUp:
    """Change the due date, and say why. Once owned, the day first promised stays what the figures count."""
    follow_up = locked(follow_up_id, version)
    check_move_due(follow_up)
    _move(follow_up, due_on, required(words, _("Say why the due date is changing. They will read it.")), by)
    return follow_up


@transaction.atomic
def move_due_many(follow_up_ids: Iterable[int], *, due_on: date, words: str, by: Actor) -> int:
    """Change the due date for all that are still to be done; how many."""
    words = required(words, _("Say why the due date is changing. They will read it."))
    rows = FollowUp.objects.pending().filter(pk__in=list(follow_up_ids)).exclude(due_on=due_on)
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    for pk in found:
        _move(locked(pk), due_on, words, by)
    return len(found)


def _take_on(follow_up: FollowUp, owner: User, by: Actor, *, due_on: date | None = None) -> Step:
    due_on = due_on or follow_up.due_on
    fields: dict[str, Any] = {"owner": owner}
    if follow_up.state == State.HEARD:
        fields |= {"state": State.OWNED, "due_on": due_on}
        if follow_up.owned_on is None:
            fields |= {"owned_on": office.today(), "promised_on": due_on}
    if owner == by:
        named = {"due_on": due_on.isoformat()}
        return change(follow_up, by=by, action=OWN, what=Step.What.OWNED, fields=fields, named=named)
    named = {"to": str(owner), "by": str(by)}
    return change(follow_up, by=by, action=HAND_OVER, what=Step.What.HANDED_OVER, fields=fields, named=named)


def _move(follow_up: FollowUp, due_on: date, words: str, by: Actor) -> None:
    if due_on < office.today():
        raise DomainError(_("Choose today or a later day."))
    if due_on == follow_up.due_on:
        raise DomainError(_("It is already due that day."))
    named = {"was_due_on": follow_up.due_on.isoformat(), "due_on": due_on.isoformat(), "by": str(by)}
    what, fields = Step.What.DUE_MOVED, {"due_on": due_on}
    change(follow_up, by=by, action=MOVE_DUE, what=what, fields=fields, words=words, named=named)
    notices.due_moved(follow_up, by)
