"""The ring's figures, kept by the database as follow-ups change (docs/decisions/figures.md)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Sum

if TYPE_CHECKING:
    from comity.people.models import User

EVERY_PARTNER = -1
NO_PARTNER = 0  # our office as a whole
EVERY_KIND = ""
FIGURES = ("heard", "owned_in_time", "done_in_time", "told", "helped", "withdrawn")


class RingCountQuerySet(models.QuerySet["RingCount"]):
    """Rows to be added up; a figure is always a sum."""

    def visible_to(self, user: User) -> RingCountQuerySet:
        """The office's own: they count what only it may see, too."""
        return self if user.is_office else self.none()

    def of_months(self, first: date, last: date) -> RingCountQuerySet:
        """Those of whole months, from the one of `first` to the one of `last`."""
        return self.filter(month__gte=first.replace(day=1), month__lte=last)

    def of(self, *, partner: int, kind: str) -> RingCountQuerySet:
        """Of one partner, none or all, and one kind or each of them."""
        rows = self.filter(partner=partner)
        return rows.filter(kind=kind) if kind else rows.exclude(kind=EVERY_KIND)

    def by_partner(self, kind: str) -> RingCountQuerySet:
        """Of each partner, of one kind or all together."""
        return self.filter(kind=kind, partner__gte=NO_PARTNER)

    def summed(self, *by: str) -> Any:
        """The six figures by month, kind or partner."""
        return self.order_by().values(*by).annotate(**{f"sum_{name}": Sum(name) for name in FIGURES})


class RingCount(models.Model):
    """How many more or fewer count in each figure, of one month, kind and partner.

    Triggers write three rows for each change of a follow-up: of its kind at all partners, of its partner in all kinds,
    and of both. A job adds up rows that are alike. So nobody waits for another to write the same row, and the sums
    are right at any moment. There is no foreign key: whatever deletes a follow-up leaves its rows to their sums.
    """

    month = models.DateField()
    kind = models.CharField(max_length=40, blank=True)
    partner = models.BigIntegerField()
    heard = models.IntegerField()
    owned_in_time = models.IntegerField()
    done_in_time = models.IntegerField()
    told = models.IntegerField()
    helped = models.IntegerField()
    withdrawn = models.IntegerField()

    objects = RingCountQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="ring_count_of_partner", fields=["partner", "kind", "month"]),
            # Who was heard most often is found by reading the index alone.
            models.Index(name="ring_count_by_partner", fields=["kind", "month", "partner", "heard"]),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.kind or '*'} {self.partner}"
