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
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from comity import __version__
from comity.billing.models import Adjustment, Bill, Line, Run
from comity.billing.services.checking import checks_of
from comity.billing.services.rating import pairs_before, rate_month, survivors
from comity.core.billing.holding import EVERYBODY, Key, Pair
from comity.core.billing.money import split_cents
from comity.core.billing.plans import as_quantity
from comity.core.errors import DomainError
from comity.jobs.progress import Unwatched, Watched
from comity.office.services import fiscal_year
from comity.partners.models import Partner
from comity.rates.models import DriverSnapshot, RateVersion
from comity.rates.services.prices import class_of, instalment, shared, tables, weights
from comity.services.models import Offering
from comity.usage.models import Period
from comity.usage.services.months import counts, digest
from comity.usage.store import Store

MEASURED = (Line.Kind.USAGE, Line.Kind.LATE)
STEPS = 4  # to be told of; the last is the writing


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


def reckon(run: Run, progress: Watched | None = None) -> tuple[list[Bill], list[Line]]:
    """Work out a run's bills and their lines, in the order in which they stand, and say in the run what it was made from,
    what it comes to, and what to look at.

    The same rows, rates and figures give the same lines. Nothing is written. Raises DomainError where the usage cannot be read.
    """
    return _Reckoning(run, progress or Unwatched()).all()


class _Reckoning:
    """One run's reckoning, step by step; each step adds lines, and what stands out."""

    def __init__(self, run: Run, progress: Watched) -> None:
        self.run, self.month, self.progress = run, run.period.first_on, progress
        self.files, self.survivors = Store.here().month(self.month), survivors()
        self.codes = dict(Partner.objects.values_list("pk", "code"))
        self.late_pairs = self._late_pairs()
        # Before anything is read: what changes meanwhile will differ from it when the run is approved.
        run.inputs = inputs_of(run.period, sorted(self.late_pairs))
        run.input_hash = sha(run.inputs)
        self.counts = counts(run.period)
        self.offerings = Offering.objects.select_related("service__cost_center").in_bulk()
        self.classes = class_of(Partner.objects.all())
        self.gone: dict[int, list[int]] = defaultdict(list)  # partners made one with another, by that one
        for gone, survivor in sorted(self.survivors.items()):
            self.gone[survivor].append(gone)
        self.bills: dict[int, Bill] = {}  # by the partner's key
        self.lines: list[Line] = []
        self.checks: dict[str, list[dict[str, Any]]] = {"unrated": [], "below_zero": [], "shares": []}

    def all(self) -> tuple[list[Bill], list[Line]]:
        self.progress.say(0, STEPS, _("Usage"))
        self.usage(self.month)
        self.progress.say(1, STEPS, _("Late usage"))
        for month, pairs in sorted(self.late_pairs.items()):
            self.usage(month, pairs)
        self.progress.say(2, STEPS, _("Shares"))
        self.shares()
        self.adjustments()
        bills = self._numbered()
        self.lines.sort(key=self._place)
        self._say_usage()
        self.run.total_cents = sum(bill.total_cents for bill in bills)
        self.run.checks = checks_of(self.month, bills, self.lines, self.checks)
        self.run.checks["set_aside"] = self.counts.set_aside
        return bills, self.lines

    def _numbered(self) -> list[Bill]:
        """The bills by the codes of their partners, each with its number."""
        bills = [self.bills[pk] for pk in sorted(self.bills, key=lambda pk: (self.codes[pk], pk))]
        for place, bill in enumerate(bills, 1):
            bill.number = f"B-{self.run.period}-{place:04}"
        return bills

    def _place(self, line: Line) -> tuple[Any, ...]:
        offering = self.offerings[line.offering_id]
        within = line.month, line.kind, line.rate_id or 0, line.cents
        return line.bill.number, offering.service.sort_name, offering.code, *within

    def _say_usage(self) -> None:
        """in = rated + excluded + set aside: a row without a rate is set aside until there is one."""
        left = sum(each["rows"] for name in ("unrated", "below_zero") for each in self.checks[name])
        self.run.usage_in, self.run.usage_excluded = self.counts.rows_in, self.counts.excluded
        self.run.usage_rated = self.counts.rated - left
        self.run.usage_set_aside = self.counts.set_aside + left

    # --- usage ---

    def usage(self, month: date, pairs: set[Pair] | None = None) -> None:
        """Usage of a month. Of a closed one, what came in since, or has a rate since: what it costs, less what was billed of it.

        pairs  of a closed month, the partners and offerings of which there is such usage
        """
        before = Period.objects.filter(first_on__gte=month, first_on__lt=self.month)
        earlier = [file for each in before for file in Store.here().month(each.first_on)]
        billed = self._billed_of(month)
        # Whose rates a partner had then: a class's of its own before everybody's.
        then = dict(
            sorted((partner, whose or EVERYBODY) for (partner, *_of), (whose, *_sums) in billed.items())
        )
        lines, left = rate_month(month, self.files, {**self.classes, **then}, earlier, pairs)
        for partner, line in lines:
            if month != self.month:
                line.kind = Line.Kind.LATE
            if stood := billed.get((partner, line.offering_id, line.rate_id)):
                _take_off(line, *stood[1:])
            if line.cents or line.usage_rows:
                self._add(partner, line)
        for (check, partner, offering), rows in sorted(left.items()):
            row = {"partner": partner, "offering": offering, "month": month.isoformat(), "rows": rows}
            self.checks[check].append(row)

    def _late_pairs(self) -> dict[date, set[Pair]]:
        """Partners and offerings by closed month: of late rows, and of rows that had no rate when their month was issued."""
        found: dict[date, set[Pair]] = defaultdict(set)
        late, last = pairs_before(self.month, self.files), Run.objects.last_before(self.month)
        for each in last.findings["unrated"] if last else []:
            # Anybody's, where none is named; who used nothing of it gets no line.
            of, month = (
                [each["partner"]] if each["partner"] else self.codes,
                date.fromisoformat(each["month"]),
            )
            late += [(month, partner, each["offering"]) for partner in of]
        for month, partner, offering in late:
            found[month].add((self.survivors.get(partner, partner), offering))
        return found

    def _billed_of(self, month: date) -> dict[Key, tuple[int | None, int, Decimal, int]]:
        """What was billed of a month's usage, by partner, offering and rate: the rate's customer class, cents, units, full cents."""
        rows = Line.objects.issued().of_partners_now()
        rows = rows.filter(month=month, kind__in=MEASURED, bill__run__period__first_on__lt=self.month)
        sums = rows.values_list("now", "offering", "rate", "rate__customer_class").annotate(
            Sum("cents"), Sum("quantity"), full=Sum(Coalesce("full_cents", "cents"))
        )
        return {(partner, offering, version): of_it for partner, offering, version, *of_it in sums}

    # --- shares, adjustments ---

    def shares(self) -> None:
        """The month's part of each amount that is split between partners."""
        for share in shares_of(self.month):
            if share.snapshot is None:
                self.checks["shares"].append({"shared": share.why_not, "figures": _("not billed")})
                continue
            if share.snapshot.as_of < self.month.replace(year=self.month.year - 1):
                said = {"figures": share.snapshot, "offering": share.version.offering}
                words = _("%(figures)s, for “%(offering)s”") % said
                self.checks["shares"].append({"shared": words, "figures": _("older than a year")})
            names = {pk: f"{self.codes[pk]} {pk}" for pk in share.weights}
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
        if partner not in self.bills:
            self.bills[partner] = Bill(run=self.run, partner_id=partner)
        line.bill = self.bills[partner]
        line.bill.total_cents += line.cents
        line.merged = self.gone.get(partner, [])
        line.cost_center_id = self.offerings[line.offering_id].service.cost_center_id
        self.lines.append(line)


def _take_off(line: Line, cents: int, units: Decimal, full_cents: int) -> None:
    """What the whole month costs now, less what was billed of it; the line's parts are those of the whole."""
    line.raw = str(Fraction(line.raw) - cents)
    line.cents, line.quantity = line.cents - cents, line.quantity - units
    if line.full_cents is not None:
        line.full_cents -= full_cents
