"""The last bill stands where one looks at a partner: at a glance, in its portal, on its line of time."""

from __future__ import annotations

from comity.billing.tests.made import OCTOBER, SEPTEMBER, BillsTestCase, flat
from comity.billing.tests.test_explaining import used
from comity.briefing.last_bills import last_bills
from comity.briefing.timeline import timeline
from comity.rates.models import RateVersion


class LastBills(BillsTestCase):
    twenty: RateVersion

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.twenty = cls.rate(cls.scans, flat("20"))
        cls.bill(cls.parks, SEPTEMBER, used(cls.twenty, 2))

    def test_the_first_says_its_month_and_a_later_one_how_it_changed(self) -> None:
        self.assertEqual(last_bills([self.parks], self.ben)[0].words, "billed for September 2026")
        self.bill(self.parks, OCTOBER, used(self.twenty, 3))
        self.bill(self.trails, OCTOBER, used(self.twenty, 1))
        for url, reader in ((self.parks.get_absolute_url(), self.ana), ("/portal/", self.ben)):
            said = self.reads(self.page(url, by=reader))
            self.assertIn("$60.00 billed for October 2026, $20.00 more than for September", said)

    def test_it_stands_on_the_line_of_time_of_its_partner_alone(self) -> None:
        self.bill(self.parks, OCTOBER, used(self.twenty, 3), issued=False)
        for reader, titles in (
            (self.ana, ["$40.00 for September 2026"]),
            (self.ben, ["$40.00 for September 2026"]),
            (self.cy, []),
        ):
            found = timeline(self.parks, reader, self.today, kind="bills")
            self.assertEqual([item.title for item in found.items], titles)

    def test_a_partner_without_bills_has_no_figure(self) -> None:
        self.assertNotIn("billed for", self.reads(self.page(self.roads.get_absolute_url(), by=self.ana)))
        self.assertNotIn("Your last bill", self.reads(self.page("/portal/", by=self.cy)))
