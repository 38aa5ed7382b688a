"""Pages that other rooms have about one partner: tabs beside its own."""

from __future__ import annotations

from dataclasses import dataclass

from comity.access import Capability
from comity.nouns import Trait, Words


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
