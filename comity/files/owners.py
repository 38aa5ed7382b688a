"""What files may hang on. The room that owns a kind of row says who may see it and who may add to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.people.models import User

Asked = Callable[["User", int], bool]


@dataclass(frozen=True)
class Owner:
    """A kind of row that has attachments. Its model has a `get_absolute_url`, to which an upload leads back.

    may_see   whether someone may see the row with an id, and so read its files
    may_add   whether someone who sees it may also attach files and take them away again
    """

    label: str
    may_see: Asked
    may_add: Asked


_owners: dict[str, Owner] = {}


def register(label: str, *, may_see: Asked, may_add: Asked) -> None:
    """Let files hang on rows of a model ("followups.FollowUp"); called in the room's AppConfig.ready."""
    if label in _owners:
        raise ValueError(f"Files of {label!r} are registered twice.")
    _owners[label] = Owner(label, may_see, may_add)


def owner_of(label: str) -> Owner | None:
    """The registered kind, or None."""
    return _owners.get(label)


def may_see(user: User, label: str, pk: int) -> bool:
    """Whether someone may see the row; nobody may see rows of a kind that is not registered."""
    owner = _owners.get(label)
    return owner is not None and owner.may_see(user, pk)


def may_add(user: User, label: str, pk: int) -> bool:
    """Whether someone may attach files to the row."""
    owner = _owners.get(label)
    return owner is not None and owner.may_see(user, pk) and owner.may_add(user, pk)
