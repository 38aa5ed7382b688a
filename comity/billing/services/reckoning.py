"""The lines of a month's bills, worked out and not yet written: usage, shares, late usage, adjustments."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from comity import __version__
from comity.billing.models import Adjustment, Line, Run
from comity.billing.services.rating import Rating, as_quantity, pairs_of, rate_month, survivors
from comity.core.billing.money import split_cents
from comity.core.errors import DomainError
from comity.jobs.progress import Unwatched, Watched
from comity.office.services import fiscal_year
from comity.partners.models import Partner
from comity.rates.models import DriverSnapshot, RateVersion
from comity.rates.services.drivers import weights
from comity.rates.services.prices import EVERYBODY, class_of, instalment, shared, tables
from comity.services.models import Offering
from comity.usage.models import Period
from comity.usage.services.counting import Counts, counts, digest
from comity.usage.store import Store

if TYPE_CHECKING:
    from comity.billing.services.asking import Pair

MEASURED = (Line.Kind.USAGE, Line.Kind.LATE)


@dataclass(frozen=True)
class _Billed:
    """What stands on issued bills of a month's usage, under a rate of a customer class."""

    customer_class: int
    cents: int
    units: Decimal
    full_cents: int

    def take_off(self, line: Line) -> None:
        """What the whole month costs now, less this; the line's parts are those of the whole."""
        line.raw = str(Fraction(line.raw) - self.cents)
        line.cents, line.quantity = line.cents - self.cents, line.quantity - self.units
        if line.full_cents is not None:
            line.full_cents -= self.full_cents


@dataclass
class Reckoned:
    """What a run of a period comes to.

    lines       by the partner's key, in the order in which they stand on the bill
    inputs      hashes of what they were made from, by name
    unrated     rows that have no rate yet: [{"offering": ..., "month": ..., "rows": ...}, ...]; also those of earlier periods
    below_zero  rows whose quantities come to less than nothing, by partner, offering and month
    without     sentences on shared amounts that could not be split
    stale       shared amounts split by figures that are old
    """

    period: Period
    counts: Counts
    inputs: dict[str, Any]
    lines: dict[int, list[Line]] = field(default_factory=lambda: defaultdict(list))
    unrated: list[dict[str, Any]] = field(default_factory=list)
    below_zero: list[dict[str, Any]] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    @property
    def usage(self) -> dict[str, int]:
        """in = rated + excluded + set aside: a row without a rate is set aside until there is one."""
        left = sum(each["rows"] for each in (*self.unrated, *self.below_zero))
        said = self.counts.as_json
        return {**said, "rated": said["rated"] - left, "set_aside": said["set_aside"] + left}

    @property
    def every_line(self) -> Iterator[Line]:
        return chain.from_iterable(self.lines.values())

    @property
    def counted(self) -> dict[str, int]:
        """How many bills and lines there are."""
        return {"bills": len(self.lines), "lines": sum(map(len, self.lines.values()))}

    @property
    def total_cents(self) -> int:
        return sum(line.cents for line in self.every_line)

    @property
    def input_hash(self) -> str:
        return sha(self.inputs)


def sha(value: Any) -> str:
    """A hash of plain values, the same for the same."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class Share:
    """A month's part of a year's amount, and by what it is split; or why it cannot be."""

    version: RateVersion
    cents: int
    snapshot: DriverSnapshot | None = None
    weights: dict[int, Fraction] = field(default_factory=dict)
    why_not: str = ""


def shares_of(month: date) -> Iterator[Share]:
    """The year's amounts that a month bills a part of."""
    year = fiscal_year(month)
    for version in shared(month):
        until = month - timedelta(days=1)
        billed = Line.objects.issued().filter(kind=Line.Kind.SHARE, month__range=(year.first_day, until))
        by_month = billed.filter(offering=version.offering_id).order_by().values_list("month")
        cents = instalment(version, month, dict(by_month.annotate(Sum("cents"))))
        try:
            yield Share(version, cents, *weights(version.driver, version.offering, month))
        except DomainError as error:
            yield Share(version, cents, why_not=str(error))


def adjustments_due() -> QuerySet[Adjustment]:
    """Those that come onto the next bills."""
    return Adjustment.objects.waiting().approved().order_by("pk")


def inputs_of(period: Period, late: Sequence[date]) -> dict[str, Any]:
    """Hashes of all that a run of a period is made from, by name: the same, and its lines are the same.

    late  the closed months of which usage came in since
    """
    month = period.first_on
    earlier = Period.objects.filter(first_on__range=(min(late), month)) if late else [period]
    classes = class_of(Partner.objects.all())
    shares: list[list[Any]] = []
    for each in shares_of(month):
        split_by = sorted((pk, str(weight)) for pk, weight in each.weights.items())
        shares.append([each.version.pk, each.cents, each.snapshot and each.snapshot.pk, split_by])
    return {
        "usage": sha([*map(digest, earlier), *sorted(survivors().items())]),
        "rates": sha([tables(each) for each in (*late, month)]),
        "classes": sha({partner: whose for partner, whose in classes.items() if whose}),
        "shares": sha(shares),
        "adjustments": sha(list(adjustments_due().values_list("pk", "cents"))),
        "late": [each.isoformat() for each in late],
        "code": __version__,
    }


def reckon(period: Period, progress: Watched | None = None) -> Reckoned:
    """Work out all lines of a period's bills. The same rows, rates and figures give the same lines.

    Raises DomainError where the usage cannot be read.
    """
    return _Reckoner(period, progress or Unwatched()).all()


class _Reckoner:
    """One period's reckoning, step by step; each step adds lines, and what they were made from."""

    def __init__(self, period: Period, progress: Watched) -> None:
        self.month, self.progress = period.first_on, progress
        self.files = Store.here().month(self.month)
        self.pairs = self._late_pairs()
        # Before anything is read: what changes meanwhile will differ from it when the run is approved.
        inputs = inputs_of(period, sorted(self.pairs))
        self.made = Reckoned(period, counts(period), inputs)
        self.offerings = Offering.objects.select_related("service__cost_center").in_bulk()
        self.classes, self.survivors = class_of(Partner.objects.all()), survivors()
        self.gone: dict[int, list[int]] = defaultdict(list)  # partners made one with another, by that one
        for gone, survivor in sorted(self.survivors.items()):
            self.gone[survivor].append(gone)

    def all(self) -> Reckoned:
        steps = ((self.usage, _("Usage")), (self.late, _("Late usage")), (self.shares, _("Shares")))
        for done, (step, words) in enumerate(steps):
            self.progress.say(done, len(steps) + 1, words)
            step()
        self.adjustments()
        codes = dict(Partner.objects.values_list("pk", "code"))
        in_order = sorted(self.made.lines, key=lambda partner: (codes[partner], partner))
        self.made.lines = {partner: sorted(self.made.lines[partner], key=self._place) for partner in in_order}
        return self.made

    def _place(self, line: Line) -> tuple[Any, ...]:
        offering = self.offerings[line.offering_id]
        return offering.service.sort_name, offering.code, line.month, line.kind, line.rate_id or 0, line.cents

    # --- usage ---

    def usage(self) -> None:
        """Usage of the period's own month."""
        found = rate_month(self.month, self.files, self.classes)
        for partner, line in found.lines:
            self._add(partner, line)
        self._leave(found, self.month)

    def late(self) -> None:
        """Usage of closed months that came in since, or has a rate since: what the month costs, less what was billed of it."""
        for month, pairs in sorted(self.pairs.items()):
            before = Period.objects.filter(first_on__gte=month, first_on__lt=self.month)
            earlier = [file for each in before for file in Store.here().month(each.first_on)]
            billed = self._billed_of(month)
            # Whose rates a partner had then: a class's of its own before everybody's.
            then = dict(sorted((key[0], stood.customer_class) for key, stood in billed.items()))
            found = rate_month(month, self.files, {**self.classes, **then}, earlier, pairs)
            for partner, line in found.lines:
                line.kind = Line.Kind.LATE
                if stood := billed.get((partner, line.offering_id, line.rate_id)):
                    stood.take_off(line)
                if line.cents or line.usage_rows:
                    self._add(partner, line)
            self._leave(found, month)

    def _late_pairs(self) -> dict[date, set[Pair]]:
        """Partners and offerings by closed month: of late rows, and of rows that had no rate when their month was issued."""
        found: dict[date, set[Pair]] = defaultdict(set)
        for month, partner, offering in pairs_of(self.files, before=self.month):
            found[month].add((partner, offering))
        last = Run.objects.filter(state=Run.State.ISSUED, period__first_on__lt=self.month).first()
        for each in last.checks.get("unrated", []) if last else []:
            month = date.fromisoformat(each["month"])
            for _month, partner, offering in pairs_of(Store.here().month(month), at=month):
                if offering == each["offering"]:
                    found[month].add((partner, offering))
        return found

    def _billed_of(self, month: date) -> dict[tuple[int, int, int | None], _Billed]:
        """What was billed of a month's usage, by partner, offering and rate."""
        rows = Line.objects.issued().of_partners_now()
        rows = rows.filter(month=month, kind__in=MEASURED, bill__run__period__first_on__lt=self.month)
        sums = rows.values_list("now", "offering", "rate", "rate__customer_class").annotate(
            Sum("cents"), Sum("quantity"), full=Sum(Coalesce("full_cents", "cents"))
        )
        return {
            (partner, offering, version): _Billed(whose or EVERYBODY, *sums_of)
            for partner, offering, version, whose, *sums_of in sums
        }

    def _leave(self, found: Rating, month: date) -> None:
        self.made.unrated += [
            {"offering": offering, "month": month.isoformat(), "rows": rows}
            for offering, rows in sorted(found.unrated.items())
        ]
        self.made.below_zero += [
            {"partner": partner, "offering": offering, "month": month.isoformat(), "rows": rows}
            for (partner, offering), rows in sorted(found.below_zero.items())
        ]

    # --- shares, adjustments ---

    def shares(self) -> None:
        """The month's part of each amount that is split between partners."""
        for share in shares_of(self.month):
            if share.snapshot is None:
                self.made.without.append(share.why_not)
                continue
            if share.snapshot.as_of < self.month.replace(year=self.month.year - 1):
                said = {"figures": share.snapshot, "offering": share.version.offering}
                self.made.stale.append(_("%(figures)s, for “%(offering)s”") % said)
            codes = Partner.objects.filter(pk__in=share.weights).values_list("pk", "code")
            names = {pk: f"{code} {pk}" for pk, code in codes}
            split = split_cents(share.cents, {names[pk]: each for pk, each in share.weights.items()})
            whole = sum(share.weights.values(), Fraction())
            for partner, each in share.weights.items():
                line = Line(
                    kind=Line.Kind.SHARE,
                    offering_id=share.version.offering_id,
                    rate=share.version,
                    month=self.month,
                    quantity=as_quantity(each),
                    raw=str(share.cents * each / whole),
                    cents=split[names[partner]],
                    snapshot=share.snapshot,
                )
                self._add(partner, line)

    def adjustments(self) -> None:
        """Approved adjustments that are on no issued bill yet."""
        for adjustment in adjustments_due().select_related("line__bill"):
            of, partner = adjustment.line, adjustment.line.bill.partner_id
            line = Line(
                kind=Line.Kind.ADJUSTMENT,
                offering_id=of.offering_id,
                rate_id=of.rate_id,
                month=of.month,
                raw=str(adjustment.cents),
                cents=adjustment.cents,
                corrects=of,
                adjustment=adjustment,
                words=adjustment.why,
            )
            self._add(self.survivors.get(partner, partner), line)

    def _add(self, partner: int, line: Line) -> None:
        line.merged = self.gone.get(partner, [])
        line.cost_center_id = self.offerings[line.offering_id].service.cost_center_id
        self.made.lines[partner].append(line)
