"""The ring: heard, owned, done, told. What a follow-up has behind it, and what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Part = Literal["on", "now", "bad", "off"]


@dataclass(frozen=True, slots=True)
class Ring:
    """The state of one follow-up, ready to be drawn.

    Each of the four parts is
      on   behind us
      now  what it waits for
      bad  what it waits for, and late
      off  not begun
    title  the same as a sentence, for those who do not see the colours: "Owned by Ana Ruiz, 9 days late"

    Raises ValueError for a part that is none of these, or an empty title.
    """

    heard: Part
    owned: Part
    done: Part
    told: Part
    title: str

    def __post_init__(self) -> None:
        for part in self.parts:
            if part not in get_args(Part):
                raise ValueError(f"A ring has no part {part!r}.")
        if not self.title.strip():
            raise ValueError("A ring needs a sentence beside its colours.")

    @property
    def parts(self) -> tuple[Part, Part, Part, Part]:
        """The four parts in the order of the ring, clockwise from the top."""
        return self.heard, self.owned, self.done, self.told
