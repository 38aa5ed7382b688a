"""If this goes down, what else does; what something stands on; and where one failure alone takes it down.

A need says that an item falls as soon as fewer than `min_up` of the items it is on still run. What falls is the least set
that follows from what is down: begin with that, add every item with a need that is not met, until nothing is added. So
cycles are right (two that need each other run until one of them fails), and so is redundancy, which plain reachability is
not. Method and worked examples: docs/calculations/impact.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from comity.core.errors import DomainError

_SHUFFLE = 2_654_435_761  # Knuth's: neighbors come to stand far from each other


class Need(NamedTuple):
    """`item` runs while at least `min_up` of those it is `on` do."""

    item: int
    on: tuple[int, ...]
    min_up: int


@dataclass(frozen=True)
class Fall:
    """What is down, in the order in which it falls; `because`: the failed items that felled each, none for where it began."""

    because: dict[int, tuple[int, ...]]

    def chain(self, item: int) -> list[int]:
        """From what failed first to the item: at each step one of those that felled the next."""
        steps = [item]
        while self.because[steps[-1]]:
            steps.append(self.because[steps[-1]][0])
        return steps[::-1]


def _turned(pairs: Iterable[tuple[int, Iterable[int]]]) -> dict[int, list[int]]:
    """By each of the second those of the first, in their order: a database may give relations in any."""
    found: dict[int, list[int]] = defaultdict(list)
    for first, those in pairs:
        for each in those:
            found[each].append(first)
    for firsts in found.values():
        firsts.sort()
    return found


class Needs:
    """Which items need which, ready to be asked.

    alone   single relations, as pairs: the first falls with the second
    groups  needs for which several stand in for each other
    """

    def __init__(self, alone: Iterable[tuple[int, int]] = (), groups: Iterable[Need] = ()) -> None:
        """Raises DomainError for an item that needs itself, or needs more than there are."""
        self._fells: dict[int, list[int]] = defaultdict(list)
        self._member_of: dict[int, list[int]] = defaultdict(list)
        fells, member_of = self._fells, self._member_of
        for item, under in alone:
            if item == under:
                raise DomainError("An item cannot stand on itself.")
            fells[under].append(item)
        self._groups = list(groups)
        for at, (item, on, min_up) in enumerate(self._groups):
            if item in on:
                raise DomainError("An item cannot stand on itself.")
            if not 1 <= min_up <= len(on) == len(set(on)):
                raise DomainError(f"{min_up} of {len(set(on))} cannot run.")
            for under in on:
                member_of[under].append(at)

    @cached_property
    def _on(self) -> dict[int, list[int]]:
        return _turned(self._fells.items())

    @cached_property
    def _needs_of(self) -> dict[int, list[int]]:
        return _turned((at, [need.item]) for at, need in enumerate(self._groups))

    # --- downward: if this goes down ---

    def fall(
        self, down: Collection[int], within: Collection[int] | None = None, until: Collection[int] = ()
    ) -> Fall:
        """What falls when these are down. In proportion to what falls and the relations it has.

        within  only these are looked at; all, unless given
        until   it ends as soon as one of these falls
        """
        because: dict[int, tuple[int, ...]] = dict.fromkeys(down, ())
        failed: dict[int, list[int]] = {}
        waiting = list(because)
        for here in waiting:
            if here in until:
                break
            for item in self._fells.get(here, ()):
                if item not in because and (within is None or item in within):
                    because[item] = (here,)
                    waiting.append(item)
            for at in self._member_of.get(here, ()):
                need = self._groups[at]
                gone = failed.setdefault(at, [])
                gone.append(here)
                if len(need.on) - len(gone) >= need.min_up or need.item in because:
                    continue
                if within is None or need.item in within:
                    because[need.item] = tuple(gone)
                    waiting.append(need.item)
        return Fall(because)

    # --- upward: what does it stand on ---

    def under(self, item: int) -> list[int]:
        """All that an item stands on, however far down, the nearest first, of these the lowest key; without itself."""
        return self._below(item)[1:]

    def directly_under(self, item: int) -> list[Need]:
        """What an item itself needs, the lowest key first; a single relation is one of one."""
        alone = [Need(item, (under,), 1) for under in self._on.get(item, ())]
        return alone + [self._groups[at] for at in self._needs_of.get(item, ())]

    def single_points(self, item: int) -> list[int]:
        """Those of which one alone takes the item down, in the order of `under`; without itself.

        Whatever it needs by single relations all the way is one. Of the others each is tried: one that takes down a known
        one is one too, with all that it needs by single relations; where the item survives, all that fell were none. In an
        order without order, so that of a long chain few are tried, whether they are or not.
        """
        below = self._below(item)
        within = set(below)
        known = set(self._below(item, alone=True))
        safe: set[int] = set()
        for candidate in sorted(below, key=lambda each: each * _SHUFFLE % 2**32):
            if candidate in known or candidate in safe:
                continue
            fallen = self.fall((candidate,), within, known).because
            if known.isdisjoint(fallen):
                safe.update(fallen)
            else:
                known.update(self._below(candidate, alone=True))
        return [each for each in below[1:] if each in known]

    def _below(self, item: int, *, alone: bool = False) -> list[int]:
        """An item and what it stands on; alone: only by single relations, and needs that want all of theirs."""
        found = [item]
        seen = {item}
        for here in found:
            groups = (self._groups[at] for at in self._needs_of.get(here, ()))
            ons: Iterable[Sequence[int]] = (
                need.on for need in groups if not alone or need.min_up == len(need.on)
            )
            for under in chain(self._on.get(here, ()), *ons):
                if under not in seen:
                    seen.add(under)
                    found.append(under)
        return found
