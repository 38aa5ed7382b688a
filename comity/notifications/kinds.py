"""What rooms give notice of, and whose rows say who may know. Filled by the rooms above as they start."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise

from comity.notifications.models import Mail

if TYPE_CHECKING:
    from comity.people.models import User

MaySee = Callable[["User", int], bool]


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice, which everybody may turn down or off.

    key          "followups.mention"
    label        what it tells, as it stands on the page of preferences: "Someone mentions me"
    addressed    meant for this very person: by mail at once unless they wish otherwise; else in the daily summary
    office_only  never given to a partner's people, who then need not be asked about it
    """

    key: str
    label: str | Promise
    addressed: bool = False
    office_only: bool = False

    @property
    def default(self) -> Mail:
        return Mail.AT_ONCE if self.addressed else Mail.DIGEST


_kinds: dict[str, NoticeKind] = {}
_abouts: dict[str, MaySee | None] = {}


def register(kind: NoticeKind) -> None:
    """Make a kind known; one key twice is refused."""
    if kind.key in _kinds:
        raise ValueError(f"The kind of notice {kind.key!r} is registered twice.")
    _kinds[kind.key] = kind


def register_about(label: str, *, may_see: MaySee | None = None) -> None:
    """Let notice be about rows of a model ("followups.FollowUp").

    may_see  whether someone may see the row with an id; if absent its queryset's `visible_to` is asked, for all
             rows of a page in one query
    """
    if label in _abouts:
        raise ValueError(f"Who may see {label!r} is registered twice.")
    _abouts[label] = may_see


def kind_of(key: str) -> NoticeKind:
    """Raises ValueError for a kind nobody registered."""
    try:
        return _kinds[key]
    except KeyError:
        raise ValueError(f"No room has registered the kind of notice {key!r}.") from None


def label_of(key: str) -> str:
    """A kind's label; its key, where the room that gave the notice is gone."""
    return str(_kinds[key].label) if key in _kinds else key


def kinds_for(user: User) -> list[NoticeKind]:
    """The kinds someone may get, by their labels."""
    kinds = [kind for kind in _kinds.values() if user.is_office or not kind.office_only]
    return sorted(kinds, key=lambda kind: str(kind.label).casefold())


def seen_by(user: User, label: str, ids: Collection[int]) -> set[int]:
    """Which of the rows of a model someone may see now; rows that are gone are not seen.

    Raises ValueError for a model nobody registered.
    """
    if label not in _abouts:
        raise ValueError(f"No room has registered who may see {label!r}.")
    may_see = _abouts[label]
    if may_see is not None:
        return {pk for pk in ids if may_see(user, pk)}
    model: type[models.Model] = apps.get_model(label)
    rows: Any = model._default_manager
    return set(rows.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
