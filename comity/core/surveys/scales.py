"""The scales on which people answer, and which of their values are good.

A scale is data: its values, lowest first, and how its figures are told. What an answer may be is decided here alone,
for the page, the import and the test. Words: docs/words.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from comity.core.errors import DomainError

ScaleKind = Literal["rating", "recommendation", "effort", "yes_no", "choice"]

# The most choices one question may offer: more than fit on a phone, and a bound for what can be posted.
MOST_CHOICES = 40


@dataclass(frozen=True, slots=True)
class Scale:
    """What can be answered to one question.

    values   every answer there is, lowest first
    top      the answers counted as good: 4-5 of a rating, 9-10 of a recommendation, 5-7 of an effort, yes
    several  whether one person may give more than one of them
    """

    kind: ScaleKind
    values: tuple[int, ...]
    top: frozenset[int] = frozenset()
    several: bool = False

    @property
    def has_mean(self) -> bool:
        """Whether the distance between two values means something, so that they may be averaged."""
        return self.kind in {"rating", "recommendation", "effort"}

    @property
    def lowest(self) -> int:
        return self.values[0]

    @property
    def highest(self) -> int:
        return self.values[-1]

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and value in self.values

    def read(self, text: str) -> int:
        """The answer a form or a file holds: "4", " 4 ", "4.0" as spreadsheets write it.

        Raises DomainError, naming the text and the bounds, for anything that is not on the scale.
        """
        cleaned = text.strip().removesuffix(".0")
        # No more digits than any scale has, so that a huge number costs nothing; no digits of other scripts.
        value = int(cleaned) if cleaned.isascii() and cleaned.isdigit() and len(cleaned) <= 2 else None
        if value is None or value not in self:
            shown = text.strip()[:20]
            raise DomainError(f"“{shown}” is not on the scale from {self.lowest} to {self.highest}.")
        return value


RATING = Scale("rating", tuple(range(1, 6)), top=frozenset({4, 5}))
RECOMMENDATION = Scale("recommendation", tuple(range(11)), top=frozenset({9, 10}))
# 7 is the best: "it was easy".
EFFORT = Scale("effort", tuple(range(1, 8)), top=frozenset({5, 6, 7}))
YES_NO = Scale("yes_no", (0, 1), top=frozenset({1}))

# As a file of answers names them, by their bounds; "0-1" is no and yes.
NUMBER_SCALES = {"1-5": RATING, "0-10": RECOMMENDATION, "1-7": EFFORT, "0-1": YES_NO}


def choice_scale(count: int, *, several: bool = False) -> Scale:
    """A scale of `count` choices, numbered from 1 in the order in which they are shown.

    Raises DomainError unless there are at least two and at most MOST_CHOICES.
    """
    if not 2 <= count <= MOST_CHOICES:
        raise DomainError(f"A question with choices needs between 2 and {MOST_CHOICES} of them.")
    return Scale("choice", tuple(range(1, count + 1)), several=several)
