"""What missed service levels give back, worked by hand in docs/calculations/service-levels.md."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from comity.billing.models import Adjustment
from comity.billing.services import righting
from comity.billing.services.crediting import propose_credits
from comity.billing.tests.made import OCTOBER, SEPTEMBER, BillsTestCase
from comity.levels.models import Month, Result


class Crediting(BillsTestCase):
    """October of security missed a level of a quarter of the 12 percent at risk; Parks was billed 200,000 dollars for it."""

    def setUp(self) -> None:
        now = timezone.now()
        month = Month.objects.create(first=OCTOBER, last=OCTOBER.replace(day=31), stands=True, worked_at=now)
        facts = {"at_risk": Decimal(12), "weight": Decimal(25), "service": self.scans.service}
        self.row = Result.objects.create(month=month, partner=self.parks, **facts)
        Result.objects.create(month=month, partner=None, **facts)
        Month.objects.filter(pk=month.pk).update(frozen_at=now, frozen_by=self.cora)
        rate = self.rate(self.scans, {"shape": "flat", "tiers": [{"up_to": None, "price": "100"}]})
        self.facts = {"offering": self.scans, "rate": rate, "quantity": 1, "month": OCTOBER}

    def test_it_is_proposed_once_and_waits_for_somebody_else_to_approve_it(self) -> None:
        self.bill(self.parks, OCTOBER, {**self.facts, "cents": 20_000_000})
        self.assertEqual([propose_credits(), propose_credits()], ["1", "0"])
        made = Adjustment.objects.get()
        self.assertEqual((made.cents, made.made_by, made.approved_at), (-600_000, self.cora, None))
        self.assertIn("25% of the 12% at risk", made.why)
        righting.approve(made.pk, by=self.finn)
        self.assertTrue(Adjustment.objects.approved().exists())

    def test_what_was_declined_is_not_proposed_again(self) -> None:
        self.bill(self.parks, OCTOBER, {**self.facts, "cents": 20_000_000})
        propose_credits()
        righting.decline(Adjustment.objects.get().pk, by=self.finn)
        self.assertEqual((propose_credits(), Adjustment.objects.count()), ("0", 0))

    def test_it_waits_for_the_bill_of_its_month(self) -> None:
        self.bill(self.parks, SEPTEMBER, {**self.facts, "month": SEPTEMBER, "cents": 20_000_000})
        self.assertEqual(propose_credits(), "0")
        self.bill(self.parks, OCTOBER, {**self.facts, "cents": 1_000_000})
        self.assertEqual(propose_credits(), "1")
        self.assertEqual(Adjustment.objects.get().cents, -30_000)
