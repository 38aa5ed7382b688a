"""Which month's bills usage comes onto: its own, or, once that is closed, a later one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from comity.core.fiscal import month_after

YEARS = 3  # back from now, as far as usage is billed


@dataclass(frozen=True)
class Months:
    """Usage of an open month is billed with that month, of a closed one late, with the first that is open after it.

    closed  whether each month that is known is closed, by its first day
    this    the month that it is now
    """

    closed: Mapping[date, bool]
    this: date

    def __call__(self, month: date) -> date | None:
        """The month of its bill; None where it cannot be billed: what has not begun, and what is long past."""
        if not self.this.replace(year=self.this.year - YEARS) <= month <= self.this:
            return None
        last = max((each for each, closed in self.closed.items() if closed), default=None)
        if last is None or month > last or self.closed.get(month) is False:
            return month
        later = (each for each, closed in sorted(self.closed.items()) if not closed and each > month)
        return next(later, month_after(last))
