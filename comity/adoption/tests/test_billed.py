"""Who is billed for what they are not known to use, and the other way round; written down in one act."""

from __future__ import annotations

from datetime import date

from comity.adoption import services
from comity.adoption.models import Adoption, Stage
from comity.billing.tests.made import BillsTestCase, flat
from comity.core.fiscal import month_after
from comity.ui.components.days import day

URL = "/counties/pipeline/billed/"


class Billed(BillsTestCase):
    """Parks was billed for scans of the last two months; Roads is said to use them, and was not billed."""

    before: date
    last: date

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.before, cls.last = (month_after(cls.today.replace(day=1), -back) for back in (2, 1))
        rate = cls.rate(cls.scans, flat("2.00"), cls.before)
        for first in (cls.before, cls.last):
            cls.bill(cls.parks, first, {"offering": cls.scans, "rate": rate, "quantity": 3, "cents": 600})

    def test_both_ways_are_listed_and_the_missing_written_down_in_one_act(self) -> None:
        service = self.scans.service
        services.begin(service, self.roads, Stage.USING, services.Said(self.before), by=self.ana)
        words = self.reads(self.page(URL, by=self.ana))
        self.assertIn("1 is billed and not known to use it", words)
        self.assertIn(f"Department of Parks Security would be written down since {day(self.before)}", words)
        self.assertIn("Written down, and not billed lately Department of Roads Security", words)
        with self.assertQueries(9):
            self.client.get(URL)
        self.assertRedirects(self.client.post(URL), URL)
        row = Adoption.objects.get(partner=self.parks)
        self.assertEqual((row.stage, row.since, row.steps.count()), (Stage.USING, self.before, 1))
        self.assertIn("Everybody who is billed is known to use it", self.reads(self.page(URL)))
        self.client.post(URL)
        self.assertEqual(row.steps.count(), 1)

    def test_one_in_talks_moves_on_and_keeps_its_history(self) -> None:
        row = services.begin(
            self.scans.service, self.parks, Stage.TALKS, services.Said(self.last), by=self.ana
        )
        self.assertEqual(services.record_billed(by=self.ana), 1)
        row.refresh_from_db()
        self.assertEqual((row.stage, row.since, row.steps.count()), (Stage.USING, self.last, 2))
