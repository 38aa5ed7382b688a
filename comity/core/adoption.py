"""The ladder that a body climbs from the first thought of a service to using it; who stood on which step of it, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

CONSIDERING, INTERESTED, TALKS = "considering", "interested", "talks"
REQUESTED, ANALYZED, OFFERED, AGREED = "requested", "analyzed", "offered", "agreed"
MOVING, USING, LEFT, NO = "moving", "using", "left", "no"
BEGINNINGS = (CONSIDERING, INTERESTED, TALKS, USING)
# What may come after each: forward, back to talks, a no at any time before it is used; and a new beginning after an end.
FOLLOWS: Mapping[str, tuple[str, ...]] = {
    CONSIDERING: (INTERESTED, TALKS, REQUESTED, USING, NO),
    INTERESTED: (TALKS, REQUESTED, USING, NO),
    TALKS: (REQUESTED, USING, NO),
    REQUESTED: (ANALYZED, TALKS, NO),
    ANALYZED: (OFFERED, TALKS, NO),
    OFFERED: (AGREED, ANALYZED, TALKS, NO),
    AGREED: (MOVING, USING, NO),
    MOVING: (USING, NO),
    USING: (LEFT,),
    LEFT: (INTERESTED, TALKS, REQUESTED, USING),
    NO: (INTERESTED, TALKS, REQUESTED, USING),
}
Whose = TypeVar("Whose", bound=Hashable)
Told = tuple[Whose, str, date]  # a step: whose it is, what it led to, on which day


def standing(steps: Iterable[Told[Whose]], day: date) -> dict[Whose, tuple[str, date]]:
    """On which step each stood on a day, and since when; steps in the order of their days."""
    return {whose: (stage, on) for whose, stage, on in steps if on <= day}


def users(steps: Iterable[Told[tuple[Whose, Hashable]]], days: Sequence[date]) -> list[frozenset[Whose]]:
    """Who used at least one service at the end of each of some days, which are in order, as the steps are.

    steps  each of a pair: who, and of which service
    """
    found: list[frozenset[Whose]] = []
    using: set[tuple[Whose, Hashable]] = set()
    used: Counter[Whose] = Counter()
    waiting = iter(steps)
    step = next(waiting, None)
    for day in days:
        while step is not None and step[2] <= day:
            pair, stage, _on = step
            used[pair[0]] += (stage == USING) - (pair in using)
            (using.add if stage == USING else using.discard)(pair)
            step = next(waiting, None)
        found.append(frozenset(+used))
    return found
