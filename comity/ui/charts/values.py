"""What a chart is made of, whatever it draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.utils.formats import number_format
from django.utils.safestring import SafeString

from comity.ui.charts.sheet import Sheet

Number = int | float | Decimal | None
Tone = Literal["", "good", "goodish", "middle", "badish", "bad", "warn", "none"]  # a colour with a meaning


@dataclass(frozen=True)
class Figures:
    """What a picture shows, as a table. The first cell of a row is its head; a cell may be a link."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


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
