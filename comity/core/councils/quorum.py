"""Whether enough are there to decide: docs/calculations/council-seats.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quorum:
    """there    filled seats for which somebody was there
    filled   seats that are filled; a vacant one counts on neither side
    percent  of the filled seats, how many have to be there
    """

    there: int
    filled: int
    percent: int

    @property
    def needed(self) -> int:
        """Rounded up; at least one."""
        return max(1, -(-self.filled * self.percent // 100))

    @property
    def reached(self) -> bool:
        return self.there >= self.needed
