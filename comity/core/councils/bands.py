"""The result of each size band beside that of all: docs/calculations/council-order.md."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Protocol, TypeVar

from comity.core.councils.ballots import Said

HALF = Fraction(1, 2)


class Stands(Protocol):
    @property
    def item(self) -> str: ...
    @property
    def support(self) -> Fraction | float: ...


Result = TypeVar("Result", bound=Sequence[Stands])


def by_band(
    count: Callable[[list[Said]], Result], ballots: Collection[Said], bands: Mapping[str, Iterable[str]]
) -> dict[str, Result]:
    """The result of each band by itself; a band of which nobody voted has none.

    count   gives the standings of some ballots
    bands   the partners of each band; nobody is in two
    """
    members = {band: set(partners) for band, partners in bands.items()}
    said = {
        band: [each for each in ballots if each.partner in partners] for band, partners in members.items()
    }
    return {band: count(some) for band, some in said.items() if some}


def backed_in_every_band(results: Mapping[str, Sequence[Stands]]) -> tuple[str, ...]:
    """The items whose support is half or more in each band that voted; none where fewer than two did."""
    backed = [{each.item for each in result if each.support >= HALF} for result in results.values()]
    return tuple(sorted(set.intersection(*backed))) if len(backed) > 1 else ()
