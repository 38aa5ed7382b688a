"""What rooms above the ring add to the page of a follow-up: something they can do about it, and what they know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.nouns import Trait, all_of

if TYPE_CHECKING:
    from comity.followups.models import FollowUp
    from comity.people.models import User


@dataclass(frozen=True)
class Act:
    """Something that can be done now, on a page of another room; `first` stands beside the ring's next step."""

    label: str
    url: str
    first: bool = False


@dataclass(frozen=True)
class Line:
    """Something another room knows of it, and where that can be read ("" where nowhere)."""

    label: str
    text: str
    url: str = ""


def _nothing(follow_up: FollowUp, user: User) -> Iterable[Any]:
    return ()


@dataclass(frozen=True)
class PageAddition(Trait):
    """What one room does about follow-ups, and knows of them.

    Each is asked for one follow-up and its reader, who is of the office.
    """

    acts: Callable[[FollowUp, User], Iterable[Act]] = _nothing
    lines: Callable[[FollowUp, User], Iterable[Line]] = _nothing


def acts_for(follow_up: FollowUp, user: User) -> list[Act]:
    """What this person can do about it in other rooms."""
    return [act for room in all_of(PageAddition) for act in room.acts(follow_up, user)]


def lines_for(follow_up: FollowUp, user: User) -> list[Line]:
    """What other rooms know of it, as far as this person may see it."""
    return [line for room in all_of(PageAddition) for line in room.lines(follow_up, user)]
