"""Points by two figures, and where the middle of each lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from django.utils.safestring import SafeString

from comity.ui.charts.drawing import LETTER, WIDE, Drawing, Key, Sheet, Tone, el

HEIGHT, LINE = 340, 17  # pixels, of the picture and of a line of words
BESIDE = 11  # pixels from a point to its name
# How far below its point a name may stand, the best first.
DOWN = (0, LINE, -LINE, 2 * LINE, -2 * LINE, 3 * LINE)
NEAR = (0, *(way * step for step in range(LINE, HEIGHT, LINE) for way in (1, -1)))  # of a number: the nearest
# Where the words of the corners stand, and which end of them.
ENDS = [(x, y, end) for y in (20, HEIGHT - 10) for x, end in ((0.015, "start"), (0.985, "end"))]


@dataclass(frozen=True)
class Point:
    name: str
    across: float
    up: float
    tone: Tone = "none"


@dataclass(frozen=True)
class Points(Drawing):
    """Points with their names; where there is no room for these, with numbers that the legend explains.

    corners  what it means to lie there: top left, top right, bottom left, bottom right
    """

    points: Sequence[Point]
    corners: Sequence[str]

    def draw(self, sheet: Sheet, label: str = "") -> SafeString:
        places, x_mean, y_mean = self._lie()
        middle, usual = sheet.across(x_mean), HEIGHT * y_mean
        return sheet.svg(
            el("line", cls="usual", x1=middle, x2=middle, y1=0, y2=HEIGHT),
            el("line", cls="usual", x1=0, x2=sheet.across(1), y1=usual, y2=usual),
            *(
                el("text", words, cls="corner", x=sheet.across(x), y=y, text_anchor=anchor)
                for (x, y, anchor), words in zip(ENDS, self.corners, strict=True)
            ),
            *(
                el("circle", el("title", one.name), cls=f"dot {one.tone}", cx=sheet.across(x), cy=y, r=6)
                for one, (x, y) in zip(self.points, places, strict=True)
            ),
            *(name for look, width in sheet.looks for name in self._drawn(sheet, look, width)),
            height=HEIGHT,
            label=label,
        )

    def _lie(self) -> tuple[list[tuple[float, float]], float, float]:
        """Where each point lies, and where the means do."""
        xs, x_mean = _along([one.across for one in self.points])
        ys, y_mean = _along([-one.up for one in self.points])
        return [(x, HEIGHT * y) for x, y in zip(xs, ys, strict=True)], x_mean, y_mean

    def _drawn(self, sheet: Sheet, look: str, width: float) -> Iterator[SafeString]:
        """The name of each point beside it; of all of them their numbers, where there is no room for every name."""
        names = None if look == "narrow" else self._set([one.name for one in self.points], width, DOWN)
        found = names or self._set([str(at + 1) for at in range(len(self.points))], width, NEAR) or []
        for (x, _y), (words, begin, line) in zip(self._lie()[0], found, strict=False):
            beside, anchor = (BESIDE, "start") if begin > x else (-BESIDE, "end")
            place = sheet.across(x)
            yield el("text", words, cls=f"point {look}", x=place, y=line + 5, dx=beside, text_anchor=anchor)

    def _set(
        self, named: Sequence[str], width: float, down: Sequence[int]
    ) -> list[tuple[str, float, float]] | None:
        """Where the name of each point begins, and at what height: where no dot, no corner's words and no other name stand.

        None where one finds no room.
        """
        places = self._lie()[0]
        taken: list[tuple[float, float, float]] = [(x - 8 / width, x + 8 / width, y) for x, y in places]
        for (at, foot, anchor), words in zip(ENDS, self.corners, strict=True):
            long = len(words) * LETTER / width
            taken.append((at, at + long, foot - 5.0) if anchor == "start" else (at - long, at, foot - 5.0))
        found: list[tuple[str, float, float]] = []
        for words, (x, y) in zip(named, places, strict=True):
            long = (len(words) * LETTER + BESIDE) / width
            sides = [(x + 9 / width, x + long), (x - long, x - 9 / width)]
            tries = (
                (begin, end, y + way)
                for way in down
                for begin, end in sides
                if begin >= 0 and end <= 1 and 0 < y + way < HEIGHT
            )
            free = next((one for one in tries if not any(_meet(one, other) for other in taken)), None)
            if free is None:
                return None
            taken.append(free)
            found.append((words, free[0], free[2]))
        return found

    def legend(self) -> list[Key]:
        """The numbers that stand for the names where there is no room for these."""
        fits = self._set([one.name for one in self.points], WIDE, DOWN) is not None
        signs = (el("text", str(at + 1), text_anchor="middle", y=5) for at in range(len(self.points)))
        return [Key(sign, one.name, only_narrow=fits) for sign, one in zip(signs, self.points, strict=True)]


def _along(values: Sequence[float]) -> tuple[list[float], float]:
    """The share of an axis at which each figure lies, with room at both ends, and at which their mean does."""
    low, span = min(values), (max(values) - min(values)) or 1.0
    shares = [0.12 + 0.76 * (value - low) / span for value in values]
    return shares, fmean(shares)


def _meet(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    """Whether two lines of words, each from, to and at what height, cover one another."""
    return one[0] < other[1] and other[0] < one[1] and abs(one[2] - other[2]) < LINE - 1
