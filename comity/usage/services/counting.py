"""How many rows there are of a billing period, and which: in = rated + excluded + set aside, always."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from comity.usage.models import Batch, Period


@dataclass(frozen=True)
class Counts:
    """Distinct rows: one that came in twice is one."""

    rated: int
    excluded: int
    set_aside: int

    def __str__(self) -> str:
        said = _("%(in)s rows in = %(rated)s rated + %(excluded)s left out by rule + %(set_aside)s set aside")
        return said % {name: f"{count:,}" for name, count in self.as_json.items()}

    @property
    def rows_in(self) -> int:
        return self.rated + self.excluded + self.set_aside

    @property
    def as_json(self) -> dict[str, int]:
        return {"in": self.rows_in, **vars(self)}


def counts(period: Period | None = None) -> Counts:
    """Of a billing period, or of all there are."""
    periods = Period.objects.filter(pk=period.pk) if period else Period.objects.all()
    rows = periods.counted().values_list("rated", "excluded", "set_aside")
    return Counts(*map(sum, zip((0, 0, 0), *rows, strict=True)))


def digest(period: Period) -> str:
    """A hash of all that is rated in a period: the same rows in the same files, and it is the same."""
    parts = period.parts.filter(batch__state=Batch.State.LOADED, rows__gt=0).order_by("batch", "turn")
    return hashlib.sha256("".join(parts.values_list("sha256", flat=True)).encode()).hexdigest()
