"""What to look at before bills are approved: counted as they are made, and kept with the run; and what came out otherwise than
in the draft that it replaced."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from comity.billing.models import Bill, Line, Run, Terms
from comity.core.billing.change import moved_by
from comity.rates.models import RateVersion
from comity.services.models import Offering, Service

MOST_KEPT = 500  # of what moved, the largest
Rows = list[dict[str, Any]]


def checks_of(
    first: date, bills: Sequence[Bill], lines: Sequence[Line], found: Mapping[str, Rows]
) -> dict[str, Any]:
    """What stands out in a month, as plain values: the rows of each check by its name; and what it comes to.

    unrated     usage that has no rate yet: partner, offering, month, rows; none of those where it came in earlier
    below_zero  usage whose quantities come to less than nothing: partner, offering, month, rows
    shares      shared amounts that could not be split, or were by old figures: shared, figures, both in words
    missing     partners without a bill that had one last month: partner, and that bill
    moved       amounts that moved by more than the office's terms: partner, offering; before, now, change in cents
    no_center   offerings whose income has no cost center to go to: offering, service
    counts      how many there are of each
    bills, lines
    services    what each service comes to: what it has recovered in the year is the sum of its months
    raw_cents   what all lines come to before rounding, as a fraction

    found  the first three
    """
    last, terms = Run.objects.last_before(first), Terms.now()
    before, sums = _sums_of(last), Counter[tuple[int, int]]()
    for line in lines:
        sums[line.bill.partner_id, line.offering_id] += line.cents
    moved = moved_by(before, sums, terms.moved_cents, terms.moved_percent) if before else []
    had = dict(Bill.objects.filter(run=last).values_list(Coalesce("partner__merged_into", "partner"), "pk"))
    missing = sorted(had.keys() - {bill.partner_id for bill in bills})
    homeless = Offering.objects.filter(pk__in={line.offering_id for line in lines if not line.cost_center_id})
    rows: dict[str, Rows] = {
        **found,
        "missing": [{"partner": pk, "bill": had[pk]} for pk in missing],
        "moved": [each.plain() for each in moved],
        "no_center": [{"offering": one.pk, "service": one.service_id} for one in homeless],
    }
    return {
        **rows,
        "moved": rows["moved"][:MOST_KEPT],
        "counts": {name: sum(each.get("rows", 1) for each in of_it) for name, of_it in rows.items()},
        "bills": len(bills),
        "lines": len(lines),
        "services": _by_service(first, lines),
        "raw_cents": str(sum((Fraction(line.raw) for line in lines), Fraction())),
    }


def _by_service(first: date, lines: Iterable[Line]) -> list[dict[str, Any]]:
    """What the month comes to by service, by name: lines, cents, and what of them recovers costs of the year.

    Not what is passed through: it is paid as it comes, and stands in no year's costs.
    """
    held = RateVersion.objects.on(first).filter(customer_class=None)
    passed = set(held.filter(basis=RateVersion.Basis.COST).values_list("offering", flat=True))
    costs: dict[int, int] = defaultdict(int)
    recovering = held.exclude(offering__in=passed)
    for pk, cents in recovering.values_list("offering__service", "derivation__to_recover_cents"):
        costs[pk] += cents or 0
    services = {row.pk: row.service for row in Offering.objects.select_related("service")}
    sums: dict[Service, Counter[str]] = defaultdict(Counter)
    for line in lines:
        recovers = 0 if line.offering_id in passed else line.cents
        sums[services[line.offering_id]].update(lines=1, cents=line.cents, recovers_cents=recovers)
    return [
        {"service": each.pk, "name": each.name, **sums[each], "cost_cents": costs[each.pk] // 12}
        for each in sorted(sums, key=lambda each: each.name.casefold())
    ]


def _sums_of(run: Run | None) -> dict[tuple[int, int], int]:
    """What partners were billed for offerings."""
    rows = Line.objects.filter(bill__run=run).of_partners_now().values_list("now", "offering")
    return {(partner, offering): cents for partner, offering, cents in rows.annotate(Sum("cents"))}


@dataclass(frozen=True)
class Difference:
    """A charge that came out otherwise: its lines in both runs, one of them perhaps none."""

    before: list[Line]
    now: list[Line]

    @property
    def line(self) -> Line:
        return (self.now or self.before)[0]

    @property
    def cents_before(self) -> int:
        return sum(line.cents for line in self.before)

    @property
    def cents(self) -> int:
        return sum(line.cents for line in self.now)

    @property
    def why(self) -> str:
        """What differs, in words."""
        if not self.before:
            return _("new")
        if not self.now:
            return _("gone")
        if {line.rate_id for line in self.before} != {line.rate_id for line in self.now}:
            return _("another rate")
        if {line.snapshot_id for line in self.before} != {line.snapshot_id for line in self.now}:
            return _("other driver figures")
        by = sum(line.quantity for line in self.now) - sum(line.quantity for line in self.before)
        if by:
            return _("more usage") if by > 0 else _("less usage")
        if self.line.kind == Line.Kind.USAGE:
            return _("other accounts or tiers")
        return _("another amount to share")


def differences(run: Run) -> list[Difference]:
    """All charges in which a run differs from the draft that it replaced, the largest difference first."""
    found: dict[tuple[object, ...], Difference] = defaultdict(lambda: Difference([], []))
    lines = Line.objects.filter(bill__run__in=(run.pk, run.replaces_id)).order_by("pk")
    for line in lines.select_related("bill__partner", "offering"):
        charge = found[line.bill.partner_id, line.offering_id, line.kind, line.month, line.adjustment_id]
        (charge.now if line.bill.run_id == run.pk else charge.before).append(line)
    changed = [each for each in found.values() if _shown(each.before) != _shown(each.now)]
    return sorted(changed, key=lambda each: (-abs(each.cents - each.cents_before), each.line.pk))


def _shown(lines: Iterable[Line]) -> list[tuple[object, ...]]:
    return [(one.rate_id, one.cents, one.full_cents, one.quantity, one.raw, one.parts) for one in lines]
