"""A partner's bill by its own cost centers: kept by itself, and never a cent more or less."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from django.urls import reverse

from comity.billing.models import Bill, PartnerCostCenter, SplitShare
from comity.billing.services import splitting
from comity.billing.tests.made import OCTOBER, BillsTestCase, flat
from comity.billing.tests.test_explaining import used
from comity.core.errors import DomainError
from comity.partners.models import Partner
from comity.usage.tests.rows import put_rows

SPLIT = 7


class Splits(BillsTestCase):
    """Parks has a field and a head office; its bill has 5 scans of two accounts, and storage."""

    field: PartnerCostCenter
    head: PartnerCostCenter
    made: Bill

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        twenty = cls.rate(cls.scans, flat("20.01"))
        disk = cls.rate(cls.offering("Disk", "DSK", "gb-month", service="Storage"), flat("0.01"))
        cls.made = cls.bill(cls.parks, OCTOBER, used(twenty, 5, usage_rows=3), used(disk, 101))
        rows = [{"account": name, "used": Decimal(n)} for name, n in (("a-1", 2), ("a-2", 1), ("a-3", 2))]
        put_rows(OCTOBER, [{"partner": cls.parks.pk, "offering": cls.scans.pk, **row} for row in rows])
        cls.field, cls.head = (cls.center(cls.parks, code) for code in ("100", "200"))

    @classmethod
    def center(cls, partner: Partner, code: str) -> PartnerCostCenter:
        return PartnerCostCenter.objects.create(partner=partner, code=code, funding=f"1000-{code}")

    def share(self, center: PartnerCostCenter, **facts: Any) -> SplitShare:
        return splitting.SHARES.enter(
            {"cost_center": center, "offering": None, "account": "", "share": None, **facts}, by=self.eve
        )

    def portions(self) -> dict[str, int]:
        return {str(each.cost_center or ""): each.cents for each in splitting.portions_of(self.made)}

    def test_fixed_shares_and_accounts_add_up_to_the_bill(self) -> None:
        self.assertEqual(self.portions(), {"": 101_06})
        self.share(self.field, share=Decimal("33.3333"))
        self.assertEqual(self.portions(), {"100": 33_69, "": 67_37})
        twice = self.share(self.field, share=Decimal(10))
        self.assertEqual(self.portions(), {"100": 43_79, "": 57_27})
        splitting.SHARES.drop(twice, by=self.eve)
        self.share(self.head, offering=self.scans, account="a-1")
        self.share(self.field, offering=self.scans, share=Decimal(50))
        # Two of five scans are the head office's, of the other three the field bears half; of the disk a third.
        self.assertEqual(self.portions(), {"100": 30_01 + 34, "200": 40_02, "": 30_02 + 67})

    def test_what_makes_no_sense_is_refused(self) -> None:
        self.share(self.field, share=Decimal(60))
        self.share(self.field, account="a-1")
        for facts, words in (
            ({}, "one of the two"),
            ({"share": Decimal(10), "account": "x"}, "one of the two"),
            ({"share": Decimal(41)}, "40 percent are left"),
            ({"share": Decimal(-1)}, "40 percent are left"),
            ({"account": "a-1"}, "100 bears this account already"),
        ):
            with self.subTest(facts), self.assertRaisesMessage(DomainError, words):
                self.share(self.head, **facts)
        self.assertEqual(SplitShare.objects.count(), 2)

    def test_a_partner_keeps_its_own_in_the_portal(self) -> None:
        facts = {"partner": self.parks.pk, "code": "300", "name": "Lakes", "funding": "1000-300"}
        self.post(
            reverse("billing:add_cost_center"), facts, by=self.eve, expect=reverse("billing:cost_centers")
        )
        lakes = PartnerCostCenter.objects.get(code="300")
        page = reverse("billing:edit_cost_center", args=[lakes.pk])
        self.post(page, {**self.seen(page), "code": "300", "name": "Rivers", "funding": ""})
        self.post(reverse("billing:add_share"), {"cost_center": lakes.pk, "share": "25"})
        said = self.reads(self.page(reverse("billing:cost_centers")))
        self.assertIn("300 Rivers 25 % · Everything that has no split of its own", said)
        share = SplitShare.objects.get()
        page = reverse("billing:edit_share", args=[share.pk])
        kept = {**self.seen(page), "cost_center": lakes.pk}
        self.post_refused(page, {**kept, "share": "101"}, "100 percent are left to assign.")
        self.post(page, {**kept, "share": "90"}, expect=reverse("billing:cost_centers"))
        share.refresh_from_db()
        self.assertEqual(share.share, 90)
        self.page(reverse("billing:remove_share", args=[share.pk]))
        self.post(reverse("billing:remove_share", args=[share.pk]))
        self.post(reverse("billing:remove_cost_center", args=[lakes.pk]))
        self.assertEqual(PartnerCostCenter.objects.filter(code="300").count(), 0)

    def test_anothers_cost_center_is_as_if_absent_and_a_member_may_not(self) -> None:
        theirs = self.center(self.roads, "900")
        self.page(reverse("billing:edit_cost_center", args=[theirs.pk]), by=self.eve, status=404)
        self.post_refused(
            reverse("billing:add_share"), {"cost_center": theirs.pk, "share": "25"}, "valid choice"
        )
        self.page(reverse("billing:cost_centers"), by=self.cy, status=403)
        theirs.refresh_from_db()
        self.assertEqual((theirs.code, SplitShare.objects.count()), ("900", 0))

    def test_the_split_bill_is_a_page_and_a_file(self) -> None:
        url = reverse("billing:split", args=[self.made.pk])
        self.assertIn("Nothing is assigned to a cost center yet.", self.reads(self.page(url, by=self.ben)))
        self.share(self.field, share=Decimal(50))
        self.share(self.head, offering=self.scans, account="a-3")
        said = self.reads(self.page(url))
        self.assertIn("$101.06 for October 2026, by cost center", said)
        self.assertIn("200 1000-200 $40.02", said)
        with self.assertQueries(SPLIT):
            answer: Any = self.client.get(url, {"format": "csv"})
        rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
        self.assertEqual(sum(Decimal(row["amount"]) for row in rows), Decimal("101.06"))
        self.page(url, by=self.flo, status=404)

    def test_usage_that_cannot_be_read_is_said(self) -> None:
        self.share(self.head, account="a-1")
        with patch("comity.usage.store.used_by", side_effect=DomainError("The disk is gone.")):
            for query in ({}, {"format": "csv"}):
                answer = self.page(reverse("billing:split", args=[self.made.pk]), by=self.ben, data=query)
                self.assertContains(answer, "The disk is gone.")
