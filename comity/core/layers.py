"""Who stands before whom, in columns: of reports to a manager, of people who listen to one another."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)
Edge = tuple[T, T]


def way(edges: Iterable[Edge[T]], start: T, goal: T) -> list[T]:
    """A shortest way along edges from one to another, both ends included; [] where there is none, [start] to itself."""
    onward: dict[T, list[T]] = {}
    for one, other in edges:
        onward.setdefault(one, []).append(other)
    came_from: dict[T, T | None] = {start: None}
    waiting = deque([start])
    while waiting and goal not in came_from:
        here = waiting.popleft()
        for there in onward.get(here, ()):
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    found: list[T] = []
    here_again: T | None = goal if goal in came_from else None
    while here_again is not None:
        found.append(here_again)
        here_again = came_from[here_again]
    return found[::-1]


def without_circles(edges: Iterable[Edge[T]]) -> list[Edge[T]]:
    """The edges, in their order, but those that would close a circle with earlier ones, or lead from one to itself."""
    kept: list[Edge[T]] = []
    for one, other in edges:
        if not way(kept, other, one):
            kept.append((one, other))
    return kept


def columns(names: Sequence[T], edges: Sequence[Edge[T]]) -> list[list[T]]:
    """The names in columns, so that each edge leads to a later column; within a column they keep their order.

    names  each once
    edges  between names, without circles: see `without_circles`

    Everyone stands as far left as their edges allow; there is no empty column.
    """
    into: Mapping[T, list[T]] = {name: [one for one, other in edges if other == name] for name in names}
    depth: dict[T, int] = {}

    def depth_of(name: T) -> int:
        if name not in depth:
            depth[name] = max((depth_of(before) + 1 for before in into[name]), default=0)
        return depth[name]

    found: list[list[T]] = [[] for _column in range(max(map(depth_of, names), default=-1) + 1)]
    for name in names:
        found[depth[name]].append(name)
    return found
