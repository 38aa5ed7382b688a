"""How much goes from where to where: bars in columns, and bands between them (what some call a Sankey).

Bars keep the order in which they are named. Each stands right of all that flow into it; who passes nothing on stands last.
A band that leads back, to somebody before its source, is not drawn: it stands in the table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.ui.charts.drawing import LETTER, Drawing, Figures, Key, Sheet, el, figure

TALL, BAR, GAP, LINE = (
    240,
    8,
    6,
    20,
)  # pixels: the fullest column, a bar's width, between bars, a line of words
COLUMN, BEYOND = 176, 176  # pixels a column's words have, and those right of the last one


@dataclass(frozen=True)
class Band:
    """So much from one to another; kind: the place of its words in `Flow.kinds`, and its colour."""

    source: str
    target: str
    value: int
    kind: int = 0


@dataclass(frozen=True)
class Flow(Drawing):
    """See the module.

    names  of all bars, in order
    kinds  what the colours mean
    said   a value in the words of the picture, and in those of the table
    urls   what a bar opens
    """

    names: Sequence[str]
    bands: Sequence[Band]
    kinds: Sequence[str] = ()
    said: tuple[Callable[[int], str], Callable[[int], str]] = (figure, figure)
    urls: Mapping[str, str] = field(default_factory=dict)

    def draw(self, sheet: Sheet, label: str = "") -> SafeString:
        inner = sheet.inside(0, BEYOND)
        bands = el(
            "svg",
            *self._bands(),
            viewBox=f"0 0 100 {self.height:g}",
            preserveAspectRatio="none",
            aria_hidden="true",  # the picture around it has the name
            width=inner.across(1),
            height=self.height,
        )
        picture = inner.svg(bands, *self._bars(inner), height=self.height, label=label, links=bool(self.urls))
        if sheet.width:
            return picture
        columns = min(6, len(self.columns))
        return el("div", el("div", picture, cls=f"flow columns-{columns}"), cls="scroll", tabindex=0)

    def figures(self) -> Figures:
        rows = [(band.source, band.target, self.said[1](band.value)) for band in self.bands]
        return Figures((_("From"), _("To"), _("Amount")), rows)

    def legend(self) -> list[Key]:
        signs = (
            el("rect", cls=f"column s{kind + 1}", x=-6, y=-6, width=12, height=12)
            for kind in range(len(self.kinds))
        )
        return [Key(sign, words) for sign, words in zip(signs, self.kinds, strict=True)]

    # --- where things stand ---

    @cached_property
    def drawn(self) -> list[Band]:
        place = {name: at for at, name in enumerate(self.names)}
        return [band for band in self.bands if band.value > 0 and place[band.source] < place[band.target]]

    @cached_property
    def columns(self) -> list[list[str]]:
        depth = dict.fromkeys(self.names, 0)
        for name in self.names:  # in order, so that whoever flows into one is placed before it
            for band in self.drawn:
                if band.target == name:
                    depth[name] = max(depth[name], depth[band.source] + 1)
        sources = {band.source for band in self.drawn}
        last = max(depth.values(), default=0)
        found: list[list[str]] = [[] for _column in range(last + 1)]
        for name in self.names:
            found[depth[name] if name in sources else last].append(name)
        return found

    @cached_property
    def through(self) -> Mapping[str, int]:
        """What flows through each bar: in or out, whichever is more."""
        into, out = defaultdict[str, int](int), defaultdict[str, int](int)
        for band in self.drawn:
            into[band.target] += band.value
            out[band.source] += band.value
        return {name: max(into[name], out[name]) for name in self.names}

    @cached_property
    def scale(self) -> float:
        """Pixels for one."""
        return TALL / max(1, *(sum(self.through[name] for name in column) for column in self.columns))

    @cached_property
    def tops(self) -> Mapping[str, float]:
        found: dict[str, float] = {}
        for column in self.columns:
            y = 2.0
            for name in column:
                found[name] = y
                y += max(self.through[name] * self.scale, LINE) + GAP
        return found

    @cached_property
    def height(self) -> float:
        return max(self.tops[name] + max(self.through[name] * self.scale, LINE) for name in self.names) + 4

    def _across(self, column: int) -> float:
        return column / max(1, len(self.columns) - 1)

    # --- what is drawn ---

    def _bands(self) -> Iterator[SafeString]:
        column = {name: at for at, names in enumerate(self.columns) for name in names}
        left, right = dict(self.tops), dict(self.tops)
        order = {name: at for at, name in enumerate(self.names)}
        for band in sorted(self.drawn, key=lambda one: (order[one.target], order[one.source])):
            high = band.value * self.scale
            x, end = 100 * self._across(column[band.source]), 100 * self._across(column[band.target])
            y, foot = left[band.source], right[band.target]
            left[band.source], right[band.target] = y + high, foot + high
            mid = (x + end) / 2
            path = (
                f"M{x:.2f} {y:.1f}C{mid:.2f} {y:.1f} {mid:.2f} {foot:.1f} {end:.2f} {foot:.1f}"
                f"V{foot + high:.1f}C{mid:.2f} {foot + high:.1f} {mid:.2f} {y + high:.1f} {x:.2f} {y + high:.1f}Z"
            )
            title = el("title", f"{band.source} → {band.target}: {self.said[1](band.value)}")
            yield el("path", title, cls=f"band s{band.kind + 1}", d=path)

    def _bars(self, sheet: Sheet) -> Iterator[SafeString]:
        for at, names in enumerate(self.columns):
            share = self._across(at)
            for name in names:
                value, y = self.through[name], self.tops[name]
                amount = self.said[0](value)
                fits = int(COLUMN / LETTER) - len(amount) - 3
                short = name if len(name) <= fits else f"{name[: fits - 1].rstrip()}…"
                bar = el("rect", width=BAR, height=max(1.5, value * self.scale))
                words = el("text", short, el("tspan", f" {amount}", cls="amount"), x=BAR + 5, y=14)
                if self.urls.get(name):
                    words = el("a", words, href=self.urls[name])
                place = el("g", el("title", f"{name}: {self.said[1](value)}"), bar, words)
                moved = el("g", place, transform=f"translate({-BAR * share:.1f} 0)")
                yield el("svg", moved, cls="bar", x=sheet.across(share), y=y, overflow="visible")
