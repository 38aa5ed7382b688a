"""What a run gives that the draft it replaced gave otherwise, line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from comity.billing.models import Line, Run


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
