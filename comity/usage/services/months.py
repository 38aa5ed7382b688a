"""Months: which billing period usage of one comes into, and how many rows came into a period, and which."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from comity.core.billing.months import Months
from comity.core.errors import DomainError
from comity.office.services import today
from comity.usage.models import Batch, Period


def months_now() -> Months:
    """Which billing period usage comes into, as things are."""
    every = dict(Period.objects.values_list("first_on", "closed_at"))
    closed = {first_on: closed_at is not None for first_on, closed_at in every.items()}
    return Months(closed, today().replace(day=1))


def opened(months: Iterable[date]) -> dict[date, Period]:
    """Billing periods, locked until the transaction ends; those that are new are opened. Raises DomainError for a closed one."""
    wanted = sorted(months)
    for month in wanted:
        Period.objects.get_or_create(first_on=month)
    found = {each.first_on: each for each in Period.objects.select_for_update().filter(first_on__in=wanted)}
    for each in found.values():
        if each.closed_at:
            raise DomainError(
                _("%(month)s was closed meanwhile, and nothing was changed. Load the file again.")
                % {"month": each}
            )
    return found


def month(text: str) -> date:
    """The first day of a month such as 2026-11. Raises DomainError."""
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text):
        raise DomainError(_("“%(text)s” is not a month. Write it like 2026-11.") % {"text": text[:20]})
    return date.fromisoformat(f"{text}-01")


class Counts(NamedTuple):
    """Distinct rows: one that came in twice is one. In = rated + excluded + set aside, always."""

    rated: int = 0
    excluded: int = 0
    set_aside: int = 0

    def __str__(self) -> str:
        said = _("%(in)s rows in = %(rated)s rated + %(excluded)s left out by rule + %(set_aside)s set aside")
        return said % {name: f"{count:,}" for name, count in self.as_json.items()}

    @property
    def rows_in(self) -> int:
        return sum(self)

    @property
    def as_json(self) -> dict[str, int]:
        return {"in": self.rows_in, **self._asdict()}


def counts(period: Period | None = None) -> Counts:
    """Of a billing period, or of all there are."""
    periods = Period.objects.filter(pk=period.pk) if period else Period.objects.all()
    rows = periods.counted().values_list("rated", "excluded", "set_aside")
    return Counts(*map(sum, zip((0, 0, 0), *rows, strict=True)))


def digest(period: Period) -> str:
    """A hash of all that is rated in a period: the same rows in the same files, and it is the same."""
    parts = period.parts.filter(batch__state=Batch.State.LOADED, rows__gt=0).order_by("batch", "turn")
    return hashlib.sha256("".join(parts.values_list("sha256", flat=True)).encode()).hexdigest()
