"""Saved views of tables: a name for a set of filters. `ui` only shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from comity.nouns import Trait, all_of


@dataclass(frozen=True)
class View:
    """A named query string of one table, as its owner or, if shared, everyone in the office sees it.

    mine   whether it is this person's own, to be renamed, shared and forgotten
    owner  who shares it, where it is somebody else's
    """

    pk: int
    name: str
    query: str
    mine: bool = True
    shared: bool = False
    owner: str = ""


class Provider(Protocol):
    """What the keeper of saved views offers. Refusals are DomainErrors with a sentence."""

    def views_of(self, user: Any, table: str) -> Sequence[View]:
        """The views this person may use on this table, by name; one query."""

    def save(self, user: Any, *, table: str, name: str, query: str, shared: bool) -> View:
        """Keep a view; one of the same name by the same person is replaced."""

    def may_share(self, user: Any) -> bool:
        """Whether others may see what this person saves."""

    def change(self, user: Any, *, pk: int, name: str, shared: bool) -> View:
        """Rename a view of this person's own, share it or keep it; LookupError if there is none."""

    def delete(self, user: Any, *, pk: int) -> None:
        """Forget a view of this person's own; LookupError if there is none."""


@dataclass(frozen=True)
class Keeper(Trait):
    """The room that keeps saved views says with this that it does."""

    provider: Provider


def provider() -> Provider | None:
    """The keeper of saved views, if there is one."""
    return next((keeper.provider for keeper in all_of(Keeper)), None)
