"""Which roles a partner's user holds: an upper room knows, through its memberships, and says it here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

_sources: list[Callable[[Any], Iterable[str]]] = []


def register_partner_roles(source: Callable[[Any], Iterable[str]]) -> None:
    """Let an upper room say which roles a user (`people.User`) holds through its memberships."""
    _sources.append(source)


def partner_roles_of(user: Any) -> set[str]:
    """The roles a partner's user holds at any of its partners today."""
    return {role for source in _sources for role in source(user)}
