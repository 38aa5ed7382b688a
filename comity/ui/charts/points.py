"""Points by two figures, and where the middle of each lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from django.utils.safestring import SafeString

from comity.ui.charts.drawing import LETTER, Drawing, Key, Sheet, Tone, el

HEIGHT, LINE = 340, 17  # pixels, of the picture and of a line of words
BESIDE = 11  # pixels from a point to its name
DOWN = (
    0,
    LINE,
    -LINE,
    2 * LINE,
    -2 * LINE,
    3 * LINE,
)  # how far below its point a name may stand, the best first


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
        xs, x_mean = _along([one.across for one in self.points])
        ys, y_mean = _along([-one.up for one in self.points])
        places = [(x, HEIGHT * y) for x, y in zip(xs, ys, strict=True)]
        middle, usual = sheet.across(x_mean), HEIGHT * y_mean
        ends = [(x, y, anchor) for y in (20, HEIGHT - 10) for x, anchor in ((0.015, "start"), (0.985, "end"))]
        return sheet.svg(
            el("line", cls="usual", x1=middle, x2=middle, y1=0, y2=HEIGHT),
            el("line", cls="usual", x1=0, x2=sheet.across(1), y1=usual, y2=usual),
            *(
                el("text", words, cls="corner", x=sheet.across(x), y=y, text_anchor=anchor)
                for (x, y, anchor), words in zip(ends, self.corners, strict=True)
            ),
            *(
                el("circle", el("title", one.name), cls=f"dot {one.tone}", cx=sheet.across(x), cy=y, r=6)
                for one, (x, y) in zip(self.points, places, strict=True)
            ),
            *self._names(sheet, places),
            height=HEIGHT,
            label=label,
        )

    def _names(self, sheet: Sheet, places: Sequence[tuple[float, float]]) -> Iterator[SafeString]:
        """The name of each point beside it, or where the nearest room is that no dot and no other name takes."""
        for look, width in sheet.looks:
            taken = [(x - 8 / width, x + 8 / width, y) for x, y in places]
            for at, (x, y) in enumerate(places):
                words = str(at + 1) if look == "narrow" else self.points[at].name
                long = (len(words) * LETTER + BESIDE) / width
                right, left = (x + 9 / width, x + long), (x - long, x - 9 / width)
                sides = [ends for ends in (right, left) if ends[0] >= 0 and ends[1] <= 1] or [right]
                tries = ((begin, end, y + down) for down in DOWN for begin, end in sides)
                begin, end, line = next(
                    (one for one in tries if not any(_meet(one, other) for other in taken)), (*sides[0], y)
                )
                taken.append((begin, end, line))
                beside, anchor = (BESIDE, "start") if begin > x else (-BESIDE, "end")
                place = sheet.across(x)
                yield el(
                    "text", words, cls=f"point {look}", x=place, y=line + 5, dx=beside, text_anchor=anchor
                )

    def legend(self) -> list[Key]:
        """The numbers that stand for the names where there is no room for these."""
        signs = (el("text", str(at + 1), text_anchor="middle", y=5) for at in range(len(self.points)))
        return [Key(sign, one.name, only_narrow=True) for sign, one in zip(signs, self.points, strict=True)]


def _along(values: Sequence[float]) -> tuple[list[float], float]:
    """The share of an axis at which each figure lies, with room at both ends, and at which their mean does."""
    low, span = min(values), (max(values) - min(values)) or 1.0
    shares = [0.12 + 0.76 * (value - low) / span for value in values]
    return shares, fmean(shares)


def _meet(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    """Whether two lines of words, each from, to and at what height, cover one another."""
    return one[0] < other[1] and other[0] < one[1] and abs(one[2] - other[2]) < LINE - 1
