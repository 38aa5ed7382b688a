"""What is still open with a partner: asked before it is retired, so that nothing is lost. Upper rooms register theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from comity.partners.models import Partner


@dataclass(frozen=True)
class Obligation:
    """One kind of thing that may be open with a partner.

    key        names the kind
    label      function(count) that says them: "3 open follow-ups"
    open_rows  the open rows of a partner
    url        where a person sees them
    """

    key: str
    label: Callable[[int], str]
    open_rows: Callable[[Partner], QuerySet[Any, Any]]
    url: Callable[[Partner], str]


@dataclass(frozen=True)
class Open:
    """Something open with one partner, in words, with its count and the page that lists it."""

    key: str
    count: int
    label: str
    url: str


_registered: dict[str, Obligation] = {}


def register(obligation: Obligation) -> None:
    """Called by each room that has some, as its app starts."""
    if obligation.key in _registered:
        raise ValueError(f"There is already an obligation {obligation.key!r}.")
    _registered[obligation.key] = obligation


def open_with(partner: Partner) -> list[Open]:
    """What is open with a partner now, in the order of registration; one query for each kind."""
    counted = ((each, each.open_rows(partner).count()) for each in _registered.values())
    return [Open(each.key, count, each.label(count), each.url(partner)) for each, count in counted if count]
