"""What is still open with a partner: asked before it is retired, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from comity.nouns import Named, all_of
from comity.partners.models import Partner

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Obligation(Named):
    """One kind of thing that may be open with a partner.

    key        names the kind
    label      `ngettext_lazy` over "count" that says them: "3 open follow-ups"
    open_rows  the open rows of a partner
    url        where a person sees them
    """

    key: str
    label: _StrPromise
    open_rows: Callable[[Partner], QuerySet[Any, Any]]
    url: Callable[[Partner], str]


@dataclass(frozen=True)
class Open:
    """Something open with one partner, in words, with its count and the page that lists it."""

    key: str
    count: int
    label: str
    url: str


def open_with(partner: Partner) -> list[Open]:
    """What is open with a partner now, in the order of the rooms; one query for each kind."""
    counted = ((each, each.open_rows(partner).count()) for each in all_of(Obligation))
    return [
        Open(each.key, count, each.label % {"count": count}, each.url(partner))
        for each, count in counted
        if count
    ]
