"""What someone answers for, as the rooms above tell it, so that it is handed over when they leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from comity.nouns import Named, Words, all_of

if TYPE_CHECKING:
    from comity.people.models import User


@dataclass(frozen=True)
class Duty(Named):
    """One kind of thing a person can answer for.

    key        `room.thing`, stable: it names the form's field
    label      what these are called, in the plural ("open follow-ups")
    rows       those of a person
    url_of     the page on which they can be read
    hand_over  gives them to someone else, `hand_over(from_user, to_user, by)`, and says how many
    """

    key: str
    label: Words
    rows: Callable[[User], QuerySet[Any]]
    url_of: Callable[[User], str]
    hand_over: Callable[[User, User, User], int]


@dataclass(frozen=True)
class Held:
    """What one person holds of one duty."""

    duty: Duty
    count: int
    url: str


def held_by(user: User) -> list[Held]:
    """All that this person answers for today, by kind, without the kinds of which there is nothing."""
    counted = ((duty, duty.rows(user).count()) for duty in all_of(Duty))
    return [Held(duty, count, duty.url_of(user)) for duty, count in counted if count]
