"""A number that is a link."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A number, its words, and the address of the rows it was counted from."""

    number: str
    words: str
    url: str
    kind: str = ""
