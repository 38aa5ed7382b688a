"""Figures over the places of an axis: lines, bars upon each other, or bars before each other.

A place shows its figures to whoever points at it or comes to it by keyboard, and is a link if it has something to open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import ceil
from textwrap import wrap
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.ui.charts.drawing import (
    LETTER,
    WIDE,
    Drawing,
    Figures,
    Key,
    Number,
    Sheet,
    Tone,
    apart,
    el,
    figure,
    ticks,
)

Kind = Literal["line", "bar", "nested"]

TOP, HEIGHT, LINE = 16, 170, 17  # pixels above the picture, of it, and of a line of words
FEW, MOST_LINES = 6, 4  # so few places have room for their whole names, on so many lines
BROADEST = 0.08  # of the width, for the bars of one place
# One for each series: a dot, a square, a triangle, a diamond, and a cross.
SIGNS = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z",
    "M-3.5-3.5h7v7h-7Z",
    "M0-4.5 4.5 3.5h-9Z",
    "M0-5 5 0 0 5-5 0Z",
    "M-4-1.5h2.5V-4h3v2.5H4v3H1.5V4h-3V1.5H-4Z",
)


@dataclass(frozen=True)
class Series:
    """One line, or one colour of bars.

    values   one for each place of the axis; None where there is no figure
    urls     what each figure opens, in the table; one for each value, "" for none
    between  how sure each figure is: from, to
    tone     a colour with a meaning; without one the series get the theme's own, in order
    """

    name: str
    values: Sequence[Number]
    urls: Sequence[str] | None = None
    between: Sequence[tuple[float, float] | None] | None = None
    tone: Tone = ""

    def __post_init__(self) -> None:
        for what, given in (("urls", self.urls), ("intervals", self.between)):
            if given is not None and len(given) != len(self.values):
                raise ValueError(f"{self.name!r} has {len(self.values)} values and {len(given)} {what}.")

    def said(self, place: int) -> str:
        """The figure of a place in words: "70 (65 to 75)"."""
        between = self.between[place] if self.between else None
        said = figure(self.values[place])
        if between is None:
            return said
        low, high = map(figure, between)
        return _("%(figure)s (%(low)s to %(high)s)") % {"figure": said, "low": low, "high": high}


@dataclass(frozen=True)
class Plot(Drawing):
    """Series over the places of an axis, which are told from left to right.

    kind    line; bar: those of several series stand upon each other; nested: each is of the one before, and in front of it
    x       the names of the places, as the reader sees them
    urls    what each place opens, "" for nothing
    unit    what the figures count: "days"
    ends_at what the figures cannot go beyond, where the axis then ends: 100 of percentages
    x_name  what stands along the axis, the head of the table's first column: "Month"

    Raises ValueError when something has not one value for each place, or there are more series than signs.
    """

    kind: Kind
    x: Sequence[str]
    series: Sequence[Series]
    urls: Sequence[str] = ()
    unit: str = ""
    x_name: str = ""
    ends_at: float | None = None

    def __post_init__(self) -> None:
        most = 3 if self.kind == "nested" else len(SIGNS)
        if not 1 <= len(self.series) <= most:
            raise ValueError(f"A {self.kind} plot has one to {most} series, not {len(self.series)}.")
        for name, given in (*((each.name, each.values) for each in self.series), ("urls", self.urls)):
            if len(given) != len(self.x) and (given or name != "urls"):
                raise ValueError(f"{name!r} has {len(given)} values for {len(self.x)} places.")

    def draw(self, sheet: Sheet, label: str = "") -> SafeString:
        inner = sheet.inside(self._digits * LETTER + 10, self._beyond * LETTER)
        names, lines = self._names(inner)
        height = TOP + HEIGHT + 14 + LINE * lines
        picture = inner.svg(
            *self._grid(inner),
            *(self._lines(inner) if self.kind == "line" else self._bars(inner)),
            *names,
            *(self._legend_on_paper() if sheet.width else self._places(height)),
            height=height,
            label=label,
            links=any(self.urls),
        )
        if sheet.width:
            return picture
        # The theme keeps room for the numbers at the left and the names at the right.
        digits, letters = min(9, self._digits), min(24, ceil(self._beyond / 4) * 4)
        return el("div", picture, cls=f"plot axis-{digits} ends-{letters}")

    def figures(self) -> Figures:
        unit = f" ({self.unit})" if self.unit else ""
        rows = [
            (name, *(_linked(one.said(place), one.urls[place] if one.urls else "") for one in self.series))
            for place, name in enumerate(self.x)
        ]
        return Figures((self.x_name, *(f"{one.name}{unit}" for one in self.series)), rows)

    def legend(self) -> list[Key]:
        keys = [
            Key(self._sign(place), one.name, self.kind == "line") for place, one in enumerate(self.series)
        ]
        return keys if len(keys) > 1 else []

    # --- where things stand ---

    @cached_property
    def ticks(self) -> list[float]:
        known = [float(value) for one in self.series for value in one.values if value is not None]
        if self.kind == "bar":
            known = [
                sum(float(one.values[place] or 0) for one in self.series) for place in range(len(self.x))
            ]
        whole = all(value == int(value) for value in known)
        known += [end for one in self.series for between in one.between or () for end in between or ()]
        known += [] if self.ends_at is None else [self.ends_at]
        return ticks(min(0.0, *known, 0.0), max(0.0, *known, 0.0), whole=whole)

    def _y(self, value: Number) -> float:
        return TOP + HEIGHT * (self.ticks[-1] - float(value or 0)) / (self.ticks[-1] - self.ticks[0])

    def _middle(self, place: float) -> float:
        return (place + 0.5) / len(self.x)

    @property
    def _digits(self) -> int:
        return max(len(figure(tick)) for tick in self.ticks)

    @property
    def _beyond(self) -> float:
        """How many letters of the longest name at the end of a line stand beyond the picture."""
        if self.kind != "line" or len(self.series) == 1:
            return 0
        within = WIDE / len(self.x) / 2 / LETTER
        return max(0.0, max(len(one.name) for one in self.series) + 4 - within)

    def _colour(self, place: int) -> str:
        return self.series[place].tone or f"{'n' if self.kind == 'nested' else 's'}{place + 1}"

    # --- what is drawn ---

    def _grid(self, sheet: Sheet) -> Iterator[SafeString]:
        for tick in self.ticks:
            y = self._y(tick)
            yield el("line", cls="tick" if tick else "zero", x1=0, x2=sheet.across(1), y1=y, y2=y)
            yield el("text", figure(tick), x=-8, y=y + 4.5, text_anchor="end")
        if self.unit:
            yield el("text", self.unit, x=0, y=10)

    def _bars(self, sheet: Sheet) -> Iterator[SafeString]:
        """Those in front come last."""
        room = min(0.72 / len(self.x), BROADEST)
        for place in range(len(self.x)):
            below = 0.0
            for each, one in enumerate(self.series):
                value = float(one.values[place] or 0)
                width = room * (1 - 0.34 * each if self.kind == "nested" else 1)
                top, foot = sorted((self._y(below), self._y(below + value)))
                ends = {"x": sheet.across(self._middle(place) - width / 2), "width": sheet.across(width)}
                if value:
                    yield el("rect", cls=f"column {self._colour(each)}", y=top, height=foot - top, **ends)
                below += value if self.kind == "bar" else 0

    def _lines(self, sheet: Sheet) -> Iterator[SafeString]:
        """The first series comes last, in front of the others; the name of each stands at its end."""
        for each in reversed(range(len(self.series))):
            one, colour = self.series[each], self._colour(each)
            known = [place for place, value in enumerate(one.values) if value is not None]
            x = {place: sheet.across(self._middle(place)) for place in known}
            y = {place: self._y(one.values[place]) for place in known}
            for place in known:
                if between := one.between and one.between[place]:
                    low, high = map(self._y, between)
                    yield el("line", cls=f"between {colour}", x1=x[place], x2=x[place], y1=low, y2=high)
            for here, there in pairwise(known):
                if there == here + 1:
                    yield el("line", cls=f"line {colour}", x1=x[here], x2=x[there], y1=y[here], y2=y[there])
            for place in known:
                shape = el("path", d=SIGNS[each])
                at: dict[str, str | float] = {
                    "x": x[place],
                    "y": y[place],
                    "overflow": "visible",
                    "aria_hidden": "true",
                }
                yield el("svg", shape, cls=f"sign {colour}", **at)
        if len(self.series) > 1:
            last = [next((v for v in reversed(one.values) if v is not None), 0) for one in self.series]
            x_end = sheet.across(self._middle(len(self.x) - 1))
            for each, y_end in enumerate(apart(map(self._y, last), LINE, TOP + HEIGHT)):
                name = el("text", self.series[each].name, x=28, y=4.5)
                sign = el("g", self._sign(each), transform="translate(18 0)")
                yield el("svg", sign, name, cls="end", x=x_end, y=y_end, overflow="visible")

    def _names(self, sheet: Sheet) -> tuple[list[SafeString], int]:
        """The names of the places, and on how many lines they stand. Of many some are left out, never the last."""
        drawn, most, count = [], 1, len(self.x)
        for look, width in sheet.looks:
            room = width / count / LETTER
            step = 1 if count <= FEW else ceil((max(map(len, self.x)) * 1.4 + 2) / room)
            for place in range((count - 1) % step, count, step):
                lines = [self.x[place]]
                if count <= FEW:
                    lines = wrap(self.x[place], max(4, int(room)), max_lines=MOST_LINES, placeholder=" …")
                # The last name ends where the picture does.
                beyond = self._middle(place) + max(map(len, lines)) * LETTER / 2 / width > 1
                x, anchor = (1.0, "end") if beyond else (self._middle(place), "middle")
                foot = [TOP + HEIGHT + 8 + LINE * line for line in range(1, len(lines) + 1)]
                words = (
                    el("tspan", *each, x=sheet.across(x), y=y) for y, *each in zip(foot, lines, strict=True)
                )
                drawn.append(el("text", *words, cls=look, text_anchor=anchor))
                most = max(most, len(lines))
        return drawn, most

    def _places(self, height: float) -> Iterator[SafeString]:
        """What is shown of a place to whoever points at it or comes to it by keyboard, over all that is drawn."""
        page, share = Sheet(), 1 / len(self.x)
        for place, name in enumerate(self.x):
            said = [name, *(f"{one.name}: {one.said(place)}" for one in self.series)]
            width, x = max(map(len, said)) * LETTER + 20, self._middle(place)
            beside = f"translate({-width - 12 if x > 0.5 else 12:g} 0)"
            box = el("rect", width=width, height=LINE * len(said) + 12, rx=4)
            words = el("text", *(el("tspan", line, x=10, dy=LINE) for line in said))
            tip = el("g", box, words, transform=beside)
            hit = el("rect", cls="hit", x=page.across(share * place), width=page.across(share), height=height)
            both = (hit, el("svg", tip, cls="tip", x=page.across(x), y=TOP, overflow="visible"))
            if self.urls and self.urls[place]:
                yield el("a", *both, cls="place", href=self.urls[place], aria_label=", ".join(said))
            else:
                yield el("g", *both, cls="place")

    def _sign(self, place: int) -> SafeString:
        """A series as the legend shows it, around 0, 0."""
        if self.kind == "line":
            return el("g", el("path", d=SIGNS[place]), cls=f"sign {self._colour(place)}")
        return el("rect", cls=f"column {self._colour(place)}", x=-6, y=-6, width=12, height=12)

    def _legend_on_paper(self) -> Iterator[SafeString]:
        at = len(self.unit) * LETTER + 16
        for key in self.legend():
            if not key.only_narrow:
                yield el("g", key.sign, el("text", key.name, x=10, y=4.5), transform=f"translate({at:g} 6)")
                at += len(key.name) * LETTER + 28


def _linked(words: str, url: str) -> str:
    return el("a", words, href=url) if url else words
