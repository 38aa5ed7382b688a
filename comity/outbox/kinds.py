"""What mail can be about; every room registers its kinds as it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class MailKind:
    """A kind of mail.

    key       as given to `outbox.services.put`
    label     what it is called on the Outbox page and on the page where one stops it (may be lazy)
    may_stop  whether who gets it may say "stop sending me this"; not for mail one has asked for, like a new password
    """

    key: str
    label: Any
    may_stop: bool = False


_kinds: dict[str, MailKind] = {}


def register(kind: MailKind) -> None:
    if kind.key in _kinds:
        raise ValueError(f"There is already a kind of mail {kind.key!r}.")
    _kinds[kind.key] = kind


def kind_of(key: str) -> MailKind:
    """The kind of a mail; one that no room registers (any more) is called by its key, and cannot be stopped."""
    return _kinds.get(key) or MailKind(key, key)


def all_kinds() -> list[MailKind]:
    return list(_kinds.values())
