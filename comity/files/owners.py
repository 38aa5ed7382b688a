"""What files may hang on: the nouns whose room says who adds to them. Who sees a row sees its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.nouns import Named, named, noun_of

if TYPE_CHECKING:
    from comity.people.models import User


@dataclass(frozen=True)
class Owner(Named):
    """A noun whose rows have attachments. Its model has a `get_absolute_url`, to which an upload leads back.

    key      the noun by its name, "followups.FollowUp"
    may_add  whether someone who sees the row with an id may also attach files and take them away again
    """

    key: str
    may_add: Callable[[User, int], bool]


def owner_of(label: str) -> Owner | None:
    """What the noun says of files, or None."""
    return named(Owner, label)


def may_see(user: User, label: str, pk: int) -> bool:
    """Whether someone may see the row; nobody may see rows of a noun that has no files."""
    noun = noun_of(label) if owner_of(label) else None
    return noun is not None and noun.visible_to(user).filter(pk=pk).exists()


def may_add(user: User, label: str, pk: int) -> bool:
    """Whether someone may attach files to the row."""
    owner = owner_of(label)
    return owner is not None and may_see(user, label, pk) and owner.may_add(user, pk)
