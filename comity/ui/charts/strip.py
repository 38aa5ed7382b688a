"""Times along a year, one row of words for each with what lies where beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from comity.ui.charts.drawing import Drawing, Figures, Key, Sheet, el

HEIGHT, AXIS = 26, 18  # pixels of a row, and of the one with the names of the months
LEAST = 0.012  # of the width: a single day is seen, too


@dataclass(frozen=True)
class Lane:
    """One row. name, said: the words left and right, which may be links; spans: from and to, 0 to 1; kind: its colour."""

    name: str
    spans: Sequence[tuple[float, float]]
    kind: int
    said: str


@dataclass(frozen=True)
class Strip(Drawing):
    """See the module.

    axis    where each month begins, 0 to 1, with its name
    now     where today is
    kinds   what the colours mean
    table   the same in words
    """

    lanes: Sequence[Lane]
    axis: Sequence[tuple[float, str]]
    now: float
    kinds: Sequence[str]
    table: Figures

    def draw(self, sheet: Sheet, label: str = "") -> SafeString:
        names = sheet.svg(*self._months(sheet), height=AXIS)
        rows = [("", names, ""), *((each.name, self._lane(sheet, each), each.said) for each in self.lanes)]
        row = '<li><span class="name">{}</span>{}<span class="said">{}</span></li>'
        return format_html('<ul class="chart-rows year">{}</ul>', format_html_join("", row, rows))

    def figures(self) -> Figures:
        return self.table

    def legend(self) -> list[Key]:
        return [Key(_sign(kind), words) for kind, words in enumerate(self.kinds) if self._has(kind)]

    def _has(self, kind: int) -> bool:
        return any(each.kind == kind for each in self.lanes)

    def _months(self, sheet: Sheet) -> Iterator[SafeString]:
        """Their names; where there is no room, the first letter of each."""
        ends = [*(begin for begin, _name in self.axis[1:]), 1.0]
        for look, _width in sheet.looks:
            for (begin, name), end in zip(self.axis, ends, strict=True):
                words = name[:1].upper() if look == "narrow" else name
                yield el(
                    "text", words, cls=look, x=sheet.across((begin + end) / 2), y=13, text_anchor="middle"
                )

    def _lane(self, sheet: Sheet, lane: Lane) -> SafeString:
        """Its times over the months; the words beside it say the same."""
        lines = [(begin, "tick") for begin, _name in self.axis] + [(1.0, "tick"), (self.now, "now")]
        drawn = [
            el("line", cls=cls, x1=sheet.across(at), x2=sheet.across(at), y1=-5, y2=HEIGHT + 5)
            for at, cls in lines
        ]
        for begin, end in lane.spans:
            long = max(LEAST, end - begin)
            place = {"x": sheet.across(min(begin, 1 - long)), "width": sheet.across(long)}
            drawn.append(el("rect", cls=f"column s{lane.kind + 1}", y=5, height=HEIGHT - 10, rx=3, **place))
        return sheet.svg(*drawn, height=HEIGHT)


def _sign(kind: int) -> SafeString:
    return el("rect", cls=f"column s{kind + 1}", x=-6, y=-6, width=12, height=12)
