"""From one figure to another, step by step: columns where there is room, rows where there is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from math import floor, log10
from textwrap import wrap

from django.utils.safestring import SafeString

from comity.ui.charts.drawing import LETTER, WIDE, Drawing, Figures, Sheet, Tone, el, figure

Numbers = dict[str, str | float]

TOP, HEIGHT, LINE, ROW = 20, 150, 17, 44  # pixels above the columns, of them, of a line of words, of a row
BROAD = 0.7  # of its place, for a column
LITTLE = 0.25  # of the whole: where all steps lie within so much at its end, the columns begin above zero


@dataclass(frozen=True)
class Waterfall(Drawing):
    """Where a figure began, each step up or down, and where it ended.

    begin, end  their names and figures
    steps       the name and figure of each, which add up from one to the other
    more        what a step upwards is: "bad" where the figure is a cost
    said        how a figure is said in the picture, in a few letters, a step with its sign
    head        of the table: what a step is called, and what is counted

    Raises ValueError where the steps lead elsewhere.
    """

    begin: tuple[str, int]
    steps: Sequence[tuple[str, int]]
    end: tuple[str, int]
    more: Tone = "good"
    said: Callable[[int, bool], str] = lambda value, _is_step: figure(value)
    head: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        if self._levels[-1] != self.end[1]:
            raise ValueError(f"The steps lead to {self._levels[-1]}, not to {self.end[1]}.")

    def figures(self) -> Figures:
        rows = [(name, self.said(value, is_step)) for name, value, _ends, is_step in self._marks]
        return Figures(self.head, rows)

    @property
    def is_cut(self) -> bool:
        """Whether the whole figures are drawn from above zero, so that the steps can be seen."""
        return bool(self._low > 0)

    def draw(self, sheet: Sheet, label: str = "") -> SafeString:
        columns = sheet.svg(*self._columns(sheet), height=self._height, label=label)
        if sheet.width is not None:
            return columns
        rows = sheet.svg(*self._rows(sheet), height=ROW * len(self._marks), label=label)
        return el("div", el("div", columns, cls="wide"), el("div", rows, cls="narrow"))

    # --- where things stand ---

    @cached_property
    def _levels(self) -> list[int]:
        return list(accumulate((value for _name, value in self.steps), initial=self.begin[1]))

    @cached_property
    def _marks(self) -> list[tuple[str, int, tuple[float, float], bool]]:
        """Of each column: its name, its figure, from and to where it goes, and whether it is a step."""
        steps = [
            (name, value, ends, True)
            for (name, value), ends in zip(self.steps, pairwise(self._levels), strict=True)
        ]
        whole = [(name, value, (self._low, value), False) for name, value in (self.begin, self.end)]
        return [whole[0], *steps, whole[1]]

    @cached_property
    def _low(self) -> float:
        """Where the whole figures begin: zero, or a round number where their steps would not be seen."""
        low, high = min(self._levels), max(self._levels)
        if low <= 0 or high - low >= LITTLE * high or high == low:
            return 0
        size = 10.0 ** floor(log10(high - low))
        return max(0, floor((2 * low - high) / size) * size)

    def _share(self, value: float) -> float:
        """Where a figure lies between the least and the most that is drawn."""
        least, most = min(self._low, *self._levels), max(self._low, *self._levels)
        return (value - least) / ((most - least) or 1)

    def _y(self, value: float) -> float:
        return TOP + HEIGHT * (1 - self._share(value))

    @cached_property
    def _names(self) -> list[list[str]]:
        letters = max(4, int(WIDE / len(self._marks) / LETTER))
        return [
            wrap(name, letters, max_lines=2, placeholder=" …", break_long_words=False)
            for name, *_rest in self._marks
        ]

    @property
    def _height(self) -> float:
        return TOP + HEIGHT + 8 + LINE * max(map(len, self._names))

    def _tone(self, value: int, is_step: bool) -> str:
        less = "good" if self.more == "bad" else "bad"
        return (self.more if value > 0 else less) if is_step else "s1"

    # --- what is drawn ---

    def _columns(self, sheet: Sheet) -> Iterator[SafeString]:
        place = 1 / len(self._marks)
        zero = self._y(self._low)
        yield el("line", cls="zero", x1=0, x2=sheet.across(1), y1=zero, y2=zero)
        for at, (_name, value, ends, is_step) in enumerate(self._marks):
            left, middle = place * (at + (1 - BROAD) / 2), sheet.across(place * (at + 0.5))
            top, bottom = sorted(map(self._y, ends))
            x = {"x": sheet.across(left), "width": sheet.across(place * BROAD)}
            column: Numbers = {"y": top, "height": max(bottom - top, 2), "rx": 2, **x}
            yield el("rect", cls=f"column {self._tone(value, is_step)}", **column)
            if self.is_cut and not is_step:
                ends_at = {"x1": sheet.across(left), "x2": sheet.across(left + place * BROAD)}
                yield el("line", cls="cut", y1=zero - 10, y2=zero - 16, **ends_at)
            if at < len(self.steps):
                level = self._y(self._levels[at])
                until = sheet.across(place * (at + 1.5))
                yield el(
                    "line", cls="usual", x1=sheet.across(left + place * BROAD), x2=until, y1=level, y2=level
                )
            said = self.said(value, is_step)
            yield el("text", said, cls="point", x=middle, y=top - 6, text_anchor="middle")
            lines = (
                el("tspan", words, x=middle, y=TOP + HEIGHT + 8 + LINE * line)
                for line, words in enumerate(self._names[at], 1)
            )
            yield el("text", *lines, text_anchor="middle")

    def _rows(self, sheet: Sheet) -> Iterator[SafeString]:
        """Below one another: the name and the figure, and under them the mark."""
        for at, (name, value, ends, is_step) in enumerate(self._marks):
            low, high = sorted(map(self._share, ends))
            yield el("text", name, x=0, y=ROW * at + 14)
            yield el(
                "text",
                self.said(value, is_step),
                cls="point",
                x=sheet.across(1),
                y=ROW * at + 14,
                text_anchor="end",
            )
            mark: Numbers = {
                "x": sheet.across(low),
                "width": sheet.across(max(high - low, 0.006)),
                "height": 12,
                "rx": 2,
            }
            yield el("rect", cls=f"column {self._tone(value, is_step)}", y=ROW * at + 21, **mark)
            if self.is_cut and not is_step:
                yield el("line", cls="cut", x1="3.5%", x2="5%", y1=ROW * at + 35, y2=ROW * at + 19)
