"""How many rows there are of a billing period, and which: in = rated + excluded + set aside, always."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from comity.usage.models import Batch, Part, Period, SetAside


@dataclass(frozen=True)
class Counts:
    """Distinct rows: one that came in twice is one."""

    rated: int
    excluded: int
    set_aside: int

    @property
    def rows_in(self) -> int:
        return self.rated + self.excluded + self.set_aside

    @property
    def as_json(self) -> dict[str, int]:
        return {
            "in": self.rows_in,
            "rated": self.rated,
            "excluded": self.excluded,
            "set_aside": self.set_aside,
        }


def counts(period: Period | None = None) -> Counts:
    """Of a billing period, or of all there are."""
    parts: QuerySet[Part] = Part.objects.filter(batch__state=Batch.State.LOADED)
    aside: QuerySet[SetAside] = SetAside.objects.filter(batch__state=Batch.State.LOADED)
    if period is not None:
        parts, aside = parts.filter(period=period), aside.filter(period=period)
    sums = parts.aggregate(rows=Sum("rows", default=0), excluded=Sum("excluded", default=0))
    return Counts(sums["rows"], sums["excluded"], aside.aggregate(rows=Sum("rows", default=0))["rows"])


def digest(period: Period) -> str:
    """A hash of all that is rated in a period: the same rows in the same files, and it is the same."""
    parts = period.parts.filter(batch__state=Batch.State.LOADED, rows__gt=0).order_by("batch", "turn")
    return hashlib.sha256("".join(parts.values_list("sha256", flat=True)).encode()).hexdigest()
