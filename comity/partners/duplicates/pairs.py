"""Two that may be one: their score, their reasons, and how those that share something are found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

Reason = tuple[str, str]
Pair = tuple[int, int]

LEAST = 70  # of 100: below this a pair is not shown
_MOST = 60


@dataclass(slots=True)
class Likely:
    """A pair with its score and its reasons."""

    score: int
    reasons: list[Reason]


def sharing(keyed: Iterable[tuple[str, int]], most: int = _MOST) -> Iterator[tuple[Pair, str]]:
    """Every two that share a key, with the key; one that more than `most` share says nothing."""
    blocks: dict[str, set[int]] = defaultdict(set)
    for key, pk in keyed:
        if key:
            blocks[key].add(pk)
    for key, members in blocks.items():
        if 1 < len(members) <= most:
            for pair in combinations(sorted(members), 2):
                yield pair, key
