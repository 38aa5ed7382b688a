"""Whether the money of the State of Franklin adds up and tells its stories; asked of the state made in test_sample_state."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Sum
from django.test import TestCase

from comity.billing.models import Bill, Dispute, Line, Run
from comity.demo.money.metering import after
from comity.rates.models import CostModel
from comity.usage.models import Batch, Period
from comity.usage.services import counts
from comity.usage.store import Line as UsageLine
from comity.usage.store import used_by

LAST = date(2026, 10, 1)  # the last full month


class Bills(TestCase):
    def lines(self, code: str, offering: str) -> dict[date, Line]:
        rows = Line.objects.filter(bill__partner__code=code, offering__code=offering, kind="usage")
        return {row.month: row for row in rows}

    def test_two_years_are_issued_and_the_last_full_month_waits_to_be_run(self) -> None:
        runs = Run.objects.all()
        self.assertEqual([run.state for run in runs], [Run.State.ISSUED] * 24)
        self.assertEqual(runs[0].period.first_on, after(LAST, -1))
        waiting = Period.objects.open().get()
        self.assertEqual(waiting.first_on, LAST)
        self.assertEqual(counts(waiting).as_json["set_aside"], 42)

    def test_every_bill_is_the_sum_of_its_lines_and_every_run_that_of_its_bills(self) -> None:
        self.assertGreater(Bill.objects.count(), 3_000)
        wrong = Bill.objects.annotate(sum=Sum("lines__cents")).exclude(sum=F("total_cents"))
        self.assertFalse(wrong.exists())
        for run in Run.objects.annotate(sum=Sum("bills__total_cents")):
            self.assertEqual(run.sum, run.total_cents)
            self.assertEqual(run.usage_in, run.usage_rated + run.usage_excluded + run.usage_set_aside)

    def test_no_row_of_usage_is_lost(self) -> None:
        for batch in Batch.objects.all():
            self.assertEqual(batch.rows_in, batch.added + batch.known + batch.excluded + batch.set_aside)

    def test_the_scans_of_parks_doubled_and_it_disputes_half(self) -> None:
        scans = self.lines("PRK", "SEC-SCN")
        before, doubled = scans[after(LAST, -2)], scans[after(LAST, -1)]
        self.assertAlmostEqual(float(doubled.quantity / before.quantity), 2, places=1)
        self.assertEqual(Dispute.objects.open().get().line, doubled)

    def test_one_dispute_came_back_on_a_bill_and_one_was_explained(self) -> None:
        self.assertEqual(
            sorted(filter(None, Dispute.objects.values_list("outcome", flat=True))), ["explained", "upheld"]
        )
        credit = Line.objects.get(kind=Line.Kind.ADJUSTMENT)
        self.assertLess(credit.cents, 0)
        self.assertIsNotNone(credit.bill.issued_at)

    def test_the_dead_mans_seat_is_on_every_bill(self) -> None:
        lines = self.lines("PRK", "MAIL").values()
        self.assertEqual(len(lines), 24)
        for line in lines:
            rows = UsageLine(line.bill.partner_id, line.offering_id, line.month, line.month)
            seats = used_by(rows, "account")
            self.assertEqual(seats["harold.finch@prk.franklin.example"], 1)
            self.assertEqual(line.quantity, sum(seats.values()))

    def test_boards_pay_less_and_the_rest_is_imputed(self) -> None:
        row = Line.objects.filter(offering__code="HST-STD", bill__partner__code="NUR").first()
        assert row is not None
        assert row.full_cents is not None
        self.assertLess(row.cents, row.full_cents)

    def test_three_fiscal_years_have_costs_that_reach_the_services(self) -> None:
        self.assertEqual(
            list(CostModel.objects.official().values_list("fiscal_year", flat=True)), [2027, 2026, 2025]
        )
