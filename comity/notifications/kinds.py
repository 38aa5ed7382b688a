"""What rooms give notice of, and whether someone may know of the row a notice is about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.notifications.models import Mail
from comity.nouns import Named, Words, all_of, named, noun_of

if TYPE_CHECKING:
    from comity.people.models import User


@dataclass(frozen=True)
class NoticeKind(Named):
    """A kind of notice, which everybody may turn down or off.

    key          "followups.mention"
    label        what it tells, as it stands on the page of preferences: "Someone mentions me"
    addressed    meant for this very person: by mail at once unless they wish otherwise; else in the daily summary
    office_only  never given to a partner's people, who then need not be asked about it
    """

    key: str
    label: Words
    addressed: bool = False
    office_only: bool = False

    @property
    def default(self) -> Mail:
        return Mail.AT_ONCE if self.addressed else Mail.DIGEST


def kind_of(key: str) -> NoticeKind:
    """Raises ValueError for a kind nobody declared."""
    if (kind := named(NoticeKind, key)) is None:
        raise ValueError(f"No room has declared the kind of notice {key!r}.")
    return kind


def label_of(key: str) -> str:
    """A kind's label; its key, where the room that gave the notice is gone."""
    kind = named(NoticeKind, key)
    return str(kind.label) if kind else key


def kinds_for(user: User) -> list[NoticeKind]:
    """The kinds someone may get, by their labels."""
    kinds = [kind for kind in all_of(NoticeKind) if user.is_office or not kind.office_only]
    return sorted(kinds, key=lambda kind: str(kind.label).casefold())


def seen_by(user: User, label: str, ids: Collection[int]) -> set[int]:
    """Which of the rows of a noun ("followups.FollowUp") someone may see now; rows that are gone are not seen.

    Raises ValueError for what is no noun.
    """
    if (noun := noun_of(label)) is None:
        raise ValueError(f"No room has declared {label!r}, so nobody knows who may see it.")
    return set(noun.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
