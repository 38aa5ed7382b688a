"""What other rooms have about one partner or one person there: tabs, and cards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from comity.access import Capability
from comity.nouns import Trait, Words
from comity.partners.models import Person
from comity.people.models import User


@dataclass(frozen=True)
class Tab(Trait):
    """One page about a partner.

    name      what its template says to `partners/_tabs.html`, so that the tab is marked: `with tab="business"`
    url_name  its URL, which takes the partner's key
    to        who may open it; to others the tab is not shown
    """

    name: str
    label: Words
    url_name: str
    to: Capability


@dataclass(frozen=True)
class Known(Trait):
    """What a room knows of a person: a card on their page, shown where it has lines.

    lines  words and an address each, as far as this reader may see them
    """

    heading: Words
    lines: Callable[[Person, User], Iterable[tuple[str, str]]]
