"""One small picture for each row of words: how answers are spread, or a figure and where it plausibly lies.

The words of a row and the figure at its end are the page's, so that they wrap and can be links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from comity.ui.charts.drawing import Drawing, Sheet, Tone, el

HEIGHT = 26
ROOM = 0.12  # of the width: what a part needs for its figure to stand in it


@dataclass(frozen=True)
class Part:
    """Answers that are drawn together.

    share   of all, 0 to 1
    figure  the same in words: "41%"
    key     what they are called in an address
    """

    name: str
    share: float
    figure: str
    tone: Tone
    key: str = ""


@dataclass(frozen=True)
class Shares:
    """One bar, its parts beside each other."""

    parts: Sequence[Part]

    @property
    def said(self) -> str:
        return ", ".join(f"{part.name}: {part.figure}" for part in self.parts)

    def draw(self, sheet: Sheet) -> SafeString:
        drawn, at = [], 0.0
        for part in self.parts:
            title = el("title", f"{part.name}: {part.figure}")
            ends = {"x": sheet.across(at), "width": sheet.across(part.share)}
            drawn.append(el("rect", title, cls=f"part {part.tone}", height=HEIGHT, **ends))
            if part.share >= ROOM:
                x = sheet.across(at + part.share / 2)
                drawn.append(
                    el("text", part.figure, cls=f"on-{part.tone}", x=x, y=17.5, text_anchor="middle")
                )
            at += part.share
        return sheet.svg(*drawn, height=HEIGHT, label=self.said)


@dataclass(frozen=True)
class Interval:
    """A figure as a point on the line where it plausibly lies, over a scale with zero in its middle.

    reach  how far the scale goes either way; what lies beyond is drawn at its end
    said   the figure and its ends in words
    """

    value: float
    between: tuple[float, float] | None
    reach: float
    said: str
    tone: Tone = "none"

    def draw(self, sheet: Sheet) -> SafeString:
        def at(value: float) -> str:
            return sheet.across(0.5 + 0.48 * max(-1.0, min(1.0, value / self.reach)))

        middle, tone = HEIGHT / 2, self.tone
        drawn = [el("title", self.said), el("line", cls="usual", x1=at(0), x2=at(0), y1=-5, y2=HEIGHT + 5)]
        if self.between:
            low, high = map(at, self.between)
            drawn.append(el("line", cls=f"sure {tone}", x1=low, x2=high, y1=middle, y2=middle))
        drawn.append(el("circle", cls=f"dot {tone}", cx=at(self.value), cy=middle, r=5.5))
        return sheet.svg(*drawn, height=HEIGHT, label=self.said)


@dataclass(frozen=True)
class Row:
    """A row's words, what is drawn, and the figure at the end, which may be a link."""

    name: str
    mark: Shares | Interval
    figure: str


@dataclass(frozen=True)
class Rows(Drawing):
    """Rows below one another. A chart of them brings its figures."""

    rows: Sequence[Row]

    def draw(self, sheet: Sheet, label: str = "") -> SafeString:
        """The list of them; in a PDF the file sets the words, and draws each mark between them."""
        rows = [(row.name, row.mark.draw(sheet), row.figure) for row in self.rows]
        row = '<li><span class="name">{}</span>{}<b class="n">{}</b></li>'
        return format_html('<ul class="chart-rows">{}</ul>', format_html_join("", row, rows))


def meter(sheet: Sheet, share: float) -> SafeString:
    """How much of a whole, 0 to 1, as a thin bar in its track. Words beside it say the figure."""
    bars = (("track", 1.0), ("fill", share))
    return sheet.svg(
        *(el("rect", cls=cls, width=sheet.across(long), height=6, rx=3) for cls, long in bars if long),
        height=6,
    )
