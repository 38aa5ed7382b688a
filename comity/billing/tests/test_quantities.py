"""What partners used, as issued bills have it: what a what-if asks."""

from __future__ import annotations

from decimal import Decimal

from comity.billing.models import Line
from comity.billing.tests.made import OCTOBER, SEPTEMBER, BillsTestCase, flat


class BilledQuantities(BillsTestCase):
    def test_issued_lines_count_by_partner_offering_and_month_and_adjustments_do_not(self) -> None:
        rate = self.rate(self.scans, flat("20"))
        used = {"offering": self.scans, "rate": rate, "quantity": 200, "cents": 4_000_00}
        late = {**used, "kind": Line.Kind.LATE, "month": SEPTEMBER, "quantity": Decimal("6.5")}
        credit = {"offering": self.scans, "kind": Line.Kind.ADJUSTMENT, "quantity": 9, "cents": -180_00}
        self.bill(self.parks, SEPTEMBER, used)
        self.bill(self.parks, OCTOBER, used, late, credit)
        self.bill(self.roads, OCTOBER, used, issued=False)
        found = set(Line.objects.quantities(SEPTEMBER, OCTOBER))
        parks = self.parks.pk, self.scans.pk
        self.assertEqual(found, {(*parks, SEPTEMBER, Decimal("206.5")), (*parks, OCTOBER, Decimal(200))})
        self.assertEqual(len(Line.objects.quantities(OCTOBER, OCTOBER)), 1)
