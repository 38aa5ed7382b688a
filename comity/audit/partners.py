"""Whose history it is: the trail keeps a partner's number, and a room above knows its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Partners:
    """What the trail's page has to know of those the office serves.

    kind   the model they are kept in ("partners.Partner")
    label  what they are called here, one of them ("Agency partner")
    find   the numbers of those a text means
    """

    kind: str
    label: Callable[[], str]
    find: Callable[[Any, str], Iterable[int]]


_known: list[Partners] = []


def register(partners: Partners) -> None:
    """Let an upper room say who the numbers are."""
    _known[:] = [partners]


def known() -> Partners | None:
    return _known[0] if _known else None
