"""What a chart shows, as plain values. `{% chart spec %}` draws it, with the same figures as a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, get_args

Kind = Literal["line", "bar", "stacked"]
Number = int | float | Decimal | None
Tone = Literal["", "accent", "good", "warn", "bad", "none"]


@dataclass(frozen=True)
class Series:
    """One line, or one colour of bars.

    values  one for each place of the chart's x; None where there is no figure
    urls    what each figure opens, in the table and by a click; one for each value, "" for none
    tone    a colour with a meaning; without one the series get the theme's own, in order
    """

    name: str
    values: Sequence[Number]
    urls: Sequence[str] | None = None
    tone: Tone = ""

    def __post_init__(self) -> None:
        if self.urls is not None and len(self.urls) != len(self.values):
            raise ValueError(f"{self.name!r} has {len(self.values)} values and {len(self.urls)} urls.")
        if self.tone not in get_args(Tone):
            raise ValueError(f"There is no tone {self.tone!r}.")


@dataclass(frozen=True)
class Chart:
    """A chart whose title is a sentence that says its point: "Waiting fell from nine days to four."

    x      the names along the axis, as the reader sees them
    note   a line below: source, what was left out
    unit   what the figures count, said in the table's head and the tooltip: "days"
    x_name what stands along the axis, the head of the table's first column: "Month"

    Raises ValueError when a series is not as long as x, or there is nothing to say.
    """

    title: str
    kind: Kind
    x: Sequence[str]
    series: Sequence[Series]
    note: str = ""
    unit: str = ""
    x_name: str = ""
    height: int = field(default=240)

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"There is no {self.kind!r} chart.")
        if not self.title.strip():
            raise ValueError("A chart needs a title that says its point.")
        if not self.series:
            raise ValueError("A chart needs at least one series.")
        for series in self.series:
            if len(series.values) != len(self.x):
                raise ValueError(f"{series.name!r} has {len(series.values)} values for {len(self.x)} places.")
