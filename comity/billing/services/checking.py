"""What to look at before bills are approved: counted as they are made, and kept with the run."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Sum

from comity.billing.models import Bill, Line, Terms
from comity.billing.services.reckoning import Reckoned
from comity.core.billing.change import moved_by
from comity.rates.models import RateVersion
from comity.services.models import Offering, Service

MOST_KEPT = 500  # lines that moved, the largest first
Sums = dict[tuple[int, int], int]  # cents by partner and offering


def checks_of(made: Reckoned) -> dict[str, Any]:
    """Each check by its name, as plain values.

    missing     partners without a bill that had one last month
    moved       lines that moved by more than the office's terms: partner, offering, cents before and now; `moved_count` of all
    unrated, below_zero, without, stale, usage   as in Reckoned
    no_center   services whose income has no cost center to go to
    bills       how many there are
    services    what each service comes to: what it has recovered in the year is the sum of its months
    raw_cents   what all lines come to before rounding, as a fraction
    """
    before = _sums_of_last(made.period.first_on)
    terms = Terms.now()
    moved = moved_by(before, _sums(made), terms.moved_cents, terms.moved_percent) if before else []
    return {
        "missing": sorted({partner for partner, _offering in before} - made.lines.keys()),
        "moved": moved[:MOST_KEPT],
        "moved_count": len(moved),
        "unrated": made.unrated,
        "below_zero": made.below_zero,
        "without": made.without,
        "stale": made.stale,
        "no_center": sorted({line.offering_id for line in made.every_line if line.cost_center_id is None}),
        "set_aside": made.counts.set_aside,
        "bills": len(made.lines),
        "services": _by_service(made),
        "raw_cents": str(sum((Fraction(line.raw) for line in made.every_line), Fraction())),
    }


def _by_service(made: Reckoned) -> list[dict[str, Any]]:
    """What the month comes to by service, by name: lines, cents, and what of them recovers costs of the year.

    Not what is passed through: it is paid as it comes, and stands in no year's costs.
    """
    held = RateVersion.objects.on(made.period.first_on).filter(customer_class=None)
    passed = set(held.filter(basis=RateVersion.Basis.COST).values_list("offering", flat=True))
    costs: dict[int, int] = defaultdict(int)
    recovering = held.exclude(offering__in=passed)
    for pk, cents in recovering.values_list("offering__service", "derivation__to_recover_cents"):
        costs[pk] += cents or 0
    services = {row.pk: row.service for row in Offering.objects.select_related("service")}
    sums: dict[Service, Counter[str]] = defaultdict(Counter)
    for line in made.every_line:
        recovers = 0 if line.offering_id in passed else line.cents
        sums[services[line.offering_id]].update(lines=1, cents=line.cents, recovers_cents=recovers)
    return [
        {"service": each.pk, "name": each.name, **sums[each], "cost_cents": costs[each.pk] // 12}
        for each in sorted(sums, key=lambda each: each.name.casefold())
    ]


def last_issued(first: date) -> Any:
    """The bills of the newest month before one that was issued."""
    last = Bill.objects.issued().filter(run__period__first_on__lt=first).first()
    return Bill.objects.filter(run=last.run_id) if last else Bill.objects.none()


def _sums_of_last(first: date) -> Sums:
    rows = Line.objects.filter(bill__in=last_issued(first)).of_partners_now()
    sums = rows.values_list("now", "offering").annotate(Sum("cents"))
    return {(partner, offering): cents for partner, offering, cents in sums}


def _sums(made: Reckoned) -> Sums:
    found: Sums = defaultdict(int)
    for partner, lines in made.lines.items():
        for line in lines:
            found[partner, line.offering_id] += line.cents
    return found
