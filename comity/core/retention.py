"""What is kept for how long. Rooms that keep records say so here; the office's rules and holds decide when they go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Kept:
    """One kind of record that can be destroyed.

    key      its name in a retention rule and in a legal hold
    label    what it is, in words (a lazy translation will do)
    keep     how long it is kept where the office has no rule of its own; None keeps it until there is one
    destroy  destroys, in a transaction of its own, what ended before a moment; gives how many there were
    """

    key: str
    label: object
    keep: timedelta | None
    destroy: Callable[[datetime], int]


_kept: dict[str, Kept] = {}


def register(kept: Kept) -> None:
    """Make a kind of record known; one key twice is refused."""
    if kept.key in _kept:
        raise ValueError(f"The kind of record {kept.key!r} is registered twice.")
    _kept[kept.key] = kept


def known() -> list[Kept]:
    """Every kind of record that can be destroyed, in the order of their keys."""
    return [_kept[key] for key in sorted(_kept)]
