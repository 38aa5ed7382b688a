"""What a chart is made of, whatever it draws; what a picture is drawn on, and the arithmetic of its axes.

On a page x is a share of the width, said in percent, and y is in pixels: the picture is as wide as its place, and words
and lines keep their size, without a script. On paper both are points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from math import ceil, floor, inf, log10
from typing import Literal

from django.utils.formats import number_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from comity.ui import paper

Number = int | float | Decimal | None
Tone = Literal["", "good", "goodish", "middle", "badish", "bad", "warn", "none"]  # a colour with a meaning

LETTER = 7.0  # pixels a letter takes, about
WIDE, NARROW = 560, 216  # pixels a picture has at least: on a card beside an aside, and on the smallest phone


@dataclass(frozen=True)
class Sheet:
    """The place of a picture on a page, or `width` points of paper. Shares of the width are 0 to 1."""

    width: float | None = None
    left: float = 0
    right: float = 0

    def across(self, share: float) -> str:
        """A place or a length along the width."""
        return f"{share * 100:.2f}%" if self.width is None else f"{share * self.width:.1f}"

    @property
    def looks(self) -> list[tuple[str, float]]:
        """How wide it may turn out, each with the class of what is shown only there."""
        return [("wide", WIDE), ("narrow", NARROW)] if self.width is None else [("", self.width)]

    def inside(self, left: float, right: float) -> Sheet:
        """What is left between margins. On a page the theme keeps them."""
        if self.width is None:
            return self
        return replace(self, width=self.width - left - right, left=left, right=right)

    def svg(self, *drawn: SafeString, height: float, label: str = "", links: bool = False) -> SafeString:
        """The whole picture. One without a label is only decoration: words beside it say the same."""
        if self.width is None:
            named = {"role": "group" if links else "img", "aria_label": label}
            said = named if label else {"aria_hidden": "true"}
            return el("svg", *drawn, cls="drawn", width="100%", height=height, **said)
        whole, xmlns = self.left + self.width + self.right, "http://www.w3.org/2000/svg"
        box = f"{-self.left:g} 0 {whole:g} {height:g}"
        style = el("style", on_paper())
        return el("svg", style, *drawn, xmlns=xmlns, cls="drawn", viewBox=box, width=whole, height=height)


def el(name: str, /, *inside: str, **attributes: str | float) -> SafeString:
    """An element: `el("text", words, x="50%", y=12, text_anchor="end")`. `cls` is its class; numbers get one decimal."""
    said = "".join(
        f' {"class" if key == "cls" else key.replace("_", "-")}="'
        f'{conditional_escape(value) if isinstance(value, str) else format(round(value, 1), "g")}"'
        for key, value in attributes.items()
    )
    return SafeString(f"<{name}{said}>{''.join(map(conditional_escape, inside))}</{name}>")


@lru_cache(maxsize=1)
def on_paper() -> str:
    """The theme's rules for what is drawn, with the colours of paper."""
    rules = re.sub(r"//.*", "", (paper.THEME / "_drawn.scss").read_text())
    return re.sub(
        r"\s+", " ", re.sub(r"var\(--([\w-]+)\)", lambda name: paper.colours()[name[1]], rules)
    ).strip()


def ticks(low: float, high: float, *, whole: bool) -> list[float]:
    """Round numbers, equally far apart, from at most `low` to at least `high`; whole ones, if figures are counts."""
    high = high if high > low else low + 1
    wanted = (high - low) / 5
    size = 10 ** floor(log10(wanted))
    steps = [factor * size for factor in (1, 2, 2.5, 5, 10)]
    step = next(each for each in steps if each >= wanted * 0.999)
    if whole and step % 1:
        step = ceil(step)
    return [_whole(step * place) for place in range(floor(low / step), ceil(high / step) + 1)]


def _whole(value: float) -> float:
    """20 rather than 20.0, which would be said like that, and 0.3 rather than what 3 * 0.1 is."""
    return int(value) if value == int(value) else round(value, 9)


def apart(wanted: Iterable[float], gap: float, last: float = inf) -> list[float]:
    """Places at least `gap` from one another in the order of those wanted, none beyond `last`."""
    placed = list(wanted)
    order = sorted(range(len(placed)), key=placed.__getitem__)
    for before, place in zip([None, *order], order, strict=False):
        placed[place] = max(placed[place], -inf if before is None else placed[before] + gap)
    for place in reversed(order):
        placed[place] = min(placed[place], last)
        last = placed[place] - gap
    return placed


@dataclass(frozen=True)
class Figures:
    """What a picture shows, as a table. The first cell of a row is its head; a cell may be a link.

    foot   what it comes to
    words  so many of the first columns are words; the others are figures
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    foot: Sequence[str] = ()
    words: int = 1


@dataclass(frozen=True)
class Key:
    """What a sign in the picture means. `only_narrow`: where there is room, the picture itself says it."""

    sign: SafeString
    name: str
    only_narrow: bool = False


class Drawing:
    """One kind of picture."""

    def draw(self, sheet: Sheet, label: str = "") -> SafeString:
        """The picture; `label` is its name for those who do not see it."""
        raise NotImplementedError

    def figures(self) -> Figures | None:
        """What it shows, if it knows how that is said."""
        return None

    def legend(self) -> Sequence[Key]:
        """What its signs mean; nothing if they need no words."""
        return ()


@dataclass(frozen=True)
class Chart:
    """A picture whose title is a sentence that says its point: "Waiting fell from nine days to four."

    note      a line below: how it is read, source, what was left out
    figures   what it shows, where the drawing does not know how that is said
    table_url where on the page the same figures stand as a table already

    Raises ValueError when the title says nothing or there would be no table.
    """

    title: str
    drawing: Drawing
    note: str = ""
    figures: Figures | None = None
    table_url: str = ""

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError("A chart needs a title that states its point.")
        if not self.table_url and self.table is None:
            raise ValueError("A chart needs the table of its figures.")

    @property
    def table(self) -> Figures | None:
        return self.figures or self.drawing.figures()


def figure(value: Number) -> str:
    """A figure as people read it: 1,240 or 3.1, an en dash where there is none."""
    if value is None:
        return "–"
    return number_format(value, use_l10n=True, force_grouping=True)
