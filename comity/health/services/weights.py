"""What each part counts: the weights in force, new ones, and how both would have it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Max
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.core.health import Health, half_up, refuse_weights
from comity.editing.changing import create
from comity.health.models import Band, Snapshot, Weights
from comity.health.parts import USUAL
from comity.people.models import User

SET = "health.set_weights"
DAYS_AGO = (365, 180, 90, 30, 0)  # the days at which two ways of weighing are set beside each other


def in_force() -> Weights:
    """The last that were set; those that come with the product, unsaved, before anybody did."""
    return Weights.objects.first() or Weights(values=USUAL)


def kept() -> Weights:
    """The same as a row that snapshots can point to."""
    return Weights.objects.first() or Weights.objects.create(values=USUAL, reason=_("As Comity comes"))


def weights_of(row: Weights) -> dict[str, int]:
    """What each part counts; one that came later than the row, as it usually does."""
    said: dict[str, int] = row.values
    return USUAL | said


def set_weights(values: dict[str, int], reason: str, *, by: User) -> Weights:
    """Reckon with these from the next count on; what was counted keeps its own. Raises DomainError."""
    refuse_weights(values)
    kept()  # so that the history begins with what held before
    if values == weights_of(in_force()):
        raise DomainError(_("These are the weights in force. Change at least one."))
    facts = {"values": values, "reason": reason.strip(), "set_by": by}
    return create(Weights, facts, by=by, action=SET)


@dataclass(frozen=True)
class Day:
    """All partners on one day, by two ways of weighing: the mean of the scores, and how many are in each band."""

    on: date
    means: tuple[int | None, int | None]
    bands: tuple[dict[str, int], dict[str, int]]


@dataclass(frozen=True)
class Comparison:
    """Two ways of weighing side by side, over a year; and on whose band they differ today, with both."""

    days: list[Day]
    moved: list[tuple[Snapshot, Band, Band]]


def compare(now: dict[str, int], then: dict[str, int], today: date) -> Comparison:
    """What was counted on a few days, reckoned by both; two queries for each day, however many partners there are."""
    days, moved = [], []
    for ago in DAYS_AGO:
        taken = Snapshot.objects.filter(taken_on__lte=today - timedelta(days=ago))
        on = taken.aggregate(on=Max("taken_on"))["on"]
        rows = taken.filter(taken_on=on) if ago else Snapshot.objects.last().select_related("partner")
        pairs = [(row, row.under(now), row.under(then)) for row in rows.order_by()]
        if not pairs:
            continue
        one, other = [pair[1] for pair in pairs], [pair[2] for pair in pairs]
        days.append(Day(on, (_mean(one), _mean(other)), (_bands(one), _bands(other))))
        moved = (
            []
            if ago
            else [(row, Band(a.band.value), Band(b.band.value)) for row, a, b in pairs if a.band != b.band]
        )
    return Comparison(days, sorted(moved, key=lambda each: each[0].partner.sort_name))


def _mean(rows: list[Health]) -> int | None:
    scores = [row.exact for row in rows if row.exact is not None]
    return half_up(sum(scores, Fraction(0)) / len(scores)) if scores else None


def _bands(rows: list[Health]) -> dict[str, int]:
    counted = Counter(row.band.value for row in rows)
    return {band: counted[band] for band in Band.values}
