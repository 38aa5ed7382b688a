"""What the seats of a council said, and what each ballot weighs: docs/calculations/council-order.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from comity.core.errors import DomainError

# What each partner weighs; one that is not in it takes no part.
Weights = Mapping[str, int | Fraction]


@dataclass(frozen=True, slots=True)
class Ballot:
    seat: str
    partner: str

    @property
    def items(self) -> tuple[str, ...]:
        """All items that it names."""
        raise NotImplementedError

    @property
    def question(self) -> tuple[str, ...]:
        """What it answers, which a seat does once; () where there is one question."""
        return ()


@dataclass(frozen=True, slots=True)
class Approval(Ballot):
    """The items that a seat backs, in no order."""

    backed: tuple[str, ...]

    @property
    def items(self) -> tuple[str, ...]:
        return self.backed


@dataclass(frozen=True, slots=True)
class Ranking(Ballot):
    """Items in groups, the best first. Items of one group are equal; those in none are equal, and last."""

    groups: tuple[tuple[str, ...], ...]

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(item for group in self.groups for item in group)


@dataclass(frozen=True, slots=True)
class Judgement(Ballot):
    """Of two items a seat holds one to matter more."""

    better: str
    worse: str

    @property
    def items(self) -> tuple[str, ...]:
        return self.better, self.worse

    @property
    def question(self) -> tuple[str, ...]:
        return tuple(sorted(self.items))


Said = TypeVar("Said", bound=Ballot)


def weighed(
    items: Collection[str], ballots: Iterable[Said], weights: Weights | None = None
) -> list[tuple[Said, Fraction]]:
    """Each ballot with its weight, in an order that does not depend on the order in which they came.

    items     all that can be voted on
    weights   one partner one share, unless given; of partners that are not in it, or weigh nothing, no ballot counts

    The seats of a partner that answered a question share its weight evenly, so the partner counts in full whichever of
    its seats voted, and no more for having several.

    Raises DomainError for no ballots, an unknown item, an item named twice, a seat that answers twice, a weight below 0.
    """
    known = set(items)
    answers = sorted(ballots, key=lambda ballot: (ballot.seat, ballot.question))
    for before, ballot in zip([None, *answers], answers, strict=False):
        if before and (before.seat, before.question) == (ballot.seat, ballot.question):
            raise DomainError(f"“{ballot.seat}” voted twice. A seat votes once.")
        for item, times in Counter(ballot.items).items():
            if item not in known:
                raise DomainError(f"“{ballot.seat}” voted for “{item}”, which is not on the list.")
            if times > 1:
                raise DomainError(f"“{ballot.seat}” names “{item}” twice.")
    if weights is not None and any(weight < 0 for weight in weights.values()):
        raise DomainError("A partner cannot weigh less than nothing.")
    seats = Counter((ballot.partner, ballot.question) for ballot in answers)
    found = [
        (
            ballot,
            Fraction(1 if weights is None else weights.get(ballot.partner, 0))
            / seats[ballot.partner, ballot.question],
        )
        for ballot in answers
    ]
    found = [(ballot, weight) for ballot, weight in found if weight]
    if not found:
        raise DomainError("There are no ballots to count.")
    return found


def in_order(name: str) -> list[str | int]:
    """A key by which names stand as people expect: item 2 before item 10."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", name)]


def places(keys: Mapping[str, Fraction | float | int]) -> dict[str, int]:
    """The place of each item, the highest key first. Equal keys share a place, and the next place is as much later."""
    higher = sorted(keys.values(), reverse=True)
    first = {key: place for place, key in reversed(list(enumerate(higher, start=1)))}
    return {item: first[keys[item]] for item in sorted(keys, key=lambda item: (-keys[item], in_order(item)))}
