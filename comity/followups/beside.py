"""What rooms above the ring put beside a follow-up: something they can do about it, and what they know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

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


Acts = Callable[["FollowUp", "User"], Iterable[Act]]
Lines = Callable[["FollowUp", "User"], Iterable[Line]]

_acts: list[Acts] = []
_lines: list[Lines] = []


def register(*, acts: Acts | None = None, lines: Lines | None = None) -> None:
    """Called by a room as it starts. Each is asked for one follow-up and its reader, who is of the office."""
    if acts is not None:
        _acts.append(acts)
    if lines is not None:
        _lines.append(lines)


def acts_for(follow_up: FollowUp, user: User) -> list[Act]:
    """What this person can do about it in other rooms."""
    return [act for room in _acts for act in room(follow_up, user)]


def lines_for(follow_up: FollowUp, user: User) -> list[Line]:
    """What other rooms know of it, as far as this person may see it."""
    return [line for room in _lines for line in room(follow_up, user)]
