"""Who leads to whom: names in columns, from left to right, with lines between them.

A graph has a size of its own, in pixels: its lines begin where words end. Where it is wider than its place it scrolls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

from django.utils.safestring import SafeString

from comity.core.layers import columns, without_circles
from comity.ui.charts.drawing import LETTER, Drawing, Figures, Sheet, Tone, apart, el

COLUMN, BOX, TALL, ROW = (
    216,
    164,
    36,
    50,
)  # pixels: from column to column, a box's width and height, from box to box
LETTERS = int((BOX - 12) / LETTER)


@dataclass(frozen=True)
class Node:
    """One name: what it opens, a softer line below it, and a colour that this says too."""

    name: str
    url: str = ""
    below: str = ""
    tone: Tone = "none"


@dataclass(frozen=True)
class Layers(Drawing):
    """See the module.

    edges  pairs of places in `nodes`; one that closes a circle is drawn dashed, back to the left
    head   what the ends of an edge are called in the table
    """

    nodes: Sequence[Node]
    edges: Sequence[tuple[int, int]]
    head: tuple[str, str]

    def draw(self, sheet: Sheet, label: str = "") -> SafeString:
        wide = COLUMN * len(self._columns) - COLUMN + BOX
        tall = max((y for _x, y in self._places.values()), default=0) + TALL
        lines, boxes = map(self._line, self.edges), (self._box(at) for at in range(len(self.nodes)))
        picture = el(
            "svg",
            *lines,
            *boxes,
            cls="drawn",
            viewBox=f"0 0 {wide} {tall:g}",
            width=wide,
            height=tall,
            role="group",
            aria_label=label,
        )
        return el("div", el("div", picture, cls="layers"), cls="scroll", tabindex=0)

    def figures(self) -> Figures:
        pairs = ((self.nodes[one].name, self.nodes[other].name) for one, other in self.edges)
        return Figures(self.head, list(pairs))

    @cached_property
    def _onward(self) -> list[tuple[int, int]]:
        return without_circles(self.edges)

    @cached_property
    def _columns(self) -> list[list[int]]:
        return columns(range(len(self.nodes)), self._onward)

    @cached_property
    def _places(self) -> dict[int, tuple[float, float]]:
        """The corner of each box: beside those that lead to it, as far as there is room."""
        found: dict[int, tuple[float, float]] = {}
        for at, column in enumerate(self._columns):
            before = ([found[one][1] for one, other in self._onward if other == node] for node in column)
            wanted = [fmean(ys) if ys else place * ROW for place, ys in enumerate(before)]
            found |= {node: (at * COLUMN, y) for node, y in zip(column, apart(wanted, ROW), strict=True)}
        return found

    def _line(self, edge: tuple[int, int]) -> SafeString:
        (x, y), (end, foot) = (self._places[one] for one in edge)
        title = el("title", " → ".join(self.nodes[one].name for one in edge))
        look, x, y, foot = "usual", x + BOX, y + TALL / 2, foot + TALL / 2
        if edge in self._onward:
            look, end = "zero", end - 7
        else:  # a circle: from the right side of the one to the right side of the other
            end += BOX + 7
        bend = max(24, abs(end - x) / 2)
        turn = end - bend if look == "zero" else end + bend
        curve = f"M{x:g} {y:g}C{x + bend:g} {y:g} {turn:g} {foot:g} {end:g} {foot:g}"
        tip = f"M{end:g} {foot - 4:g}l{7 if look == 'zero' else -7} 4l{-7 if look == 'zero' else 7} 4Z"
        return el(
            "g",
            title,
            el("path", cls=look, d=curve, fill="none"),
            el("path", cls="column none", d=tip),
        )

    def _box(self, at: int) -> SafeString:
        node, (x, y) = self.nodes[at], self._places[at]
        words = el("text", _short(node.name), cls="point", x=x + 11, y=y + (15 if node.below else 23))
        below = el("text", _short(node.below), x=x + 11, y=y + 31) if node.below else ""
        sign = el("rect", cls=f"column {node.tone}", x=x, y=y, width=5, height=TALL)
        title = el("title", ", ".join(part for part in (node.name, node.below) if part))
        inside = el("g", title, sign, words, below)
        return el("a", inside, href=node.url) if node.url else inside


def _short(words: str) -> str:
    return words if len(words) <= LETTERS else f"{words[: LETTERS - 1].rstrip()}…"
