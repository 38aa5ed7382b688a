"""What a first page says of money: the month that waits, what to look at, and what services recover."""

from __future__ import annotations

from datetime import date

import pytest

from comity.billing.tests.made import JULY, flat
from comity.billing.tests.rows import RunTestCase, lay
from comity.briefing.money import Recovery
from comity.rates.models import RateVersion

COSTS = {"to_recover_cents": 12_000_00}


@pytest.mark.dated
class TheMonthThatWaits(RunTestCase):
    """Finn runs the bills of July, in which Parks ran 30 scans at $20; Sol owns security, which costs $1,000 a month."""

    def setUp(self) -> None:
        super().setUp()
        self.rate(self.scans, flat("20"), date(2026, 7, 1), derivation=COSTS)
        lay(JULY, [self.used(self.parks, self.scans, "30")])

    def test_who_runs_the_bills_reads_first_what_is_loaded_and_then_what_is_to_be_reviewed(self) -> None:
        page = self.page("/", by=self.finn)
        self.assertContains(page, "<h1>July 2026 is loaded and not run yet.</h1>", html=True)
        self.assertContains(page, 'href="/bill-runs/new/"')
        made = self.run_month(JULY)
        page = self.page("/", by=self.finn)
        self.assertContains(page, "July 2026 is ready to review: 1 bill, $600.00")
        self.assertContains(page, "Look at these before you approve")
        self.assertContains(page, f'href="{made.get_absolute_url()}"')

    def test_who_answers_for_all_sees_on_the_overview_what_waits_and_others_nothing(self) -> None:
        self.run_month(JULY)
        self.assertContains(self.page("/cio/", by=self.cora), "July 2026, Draft")
        for user in (self.olu, self.ana, self.sol, self.cora):
            self.assertNotContains(self.page("/", by=user), "Where July 2026 stands")

    def test_an_owner_reads_what_their_service_recovers_of_its_cost(self) -> None:
        self.assertNotContains(self.page("/", by=self.sol), "Recovery of cost")
        self.issue_month(JULY)
        page = self.page("/", by=self.sol)
        self.assertContains(page, "60%: $600.00 of $1,000.00")
        self.assertContains(self.page("/", by=self.finn), "60%: $600.00 of $1,000.00")
        self.assertNotContains(self.page("/", by=self.olu), "Recovery of cost")

    def test_the_overview_says_what_was_billed_last(self) -> None:
        self.assertNotContains(self.page("/cio/", by=self.ira), "Open disputes")
        run = self.issue_month(JULY)
        page = self.page("/cio/", by=self.ira)
        self.assertContains(page, f'<a href="{run.get_absolute_url()}">$600.00</a>', html=True)
        self.assertContains(page, '<a href="/bills/disputes/">0</a>', html=True)

    def test_what_is_passed_through_recovers_nothing(self) -> None:
        cloud = self.offering("Cloud at cost", "CLD", "at-cost", service="Cloud")
        self.rate(cloud, flat("1.04"), date(2026, 7, 1), basis=RateVersion.Basis.COST)
        lay(JULY, [self.used(self.parks, cloud, "0", cost="100")])
        run = self.run_month(JULY)
        recovers = {each["name"]: each["recovers_cents"] for each in run.checks["services"]}
        self.assertEqual(recovers, {"Cloud": 0, "Security": 600_00})

    def test_near_the_cost_is_well_and_far_from_it_is_not_whichever_way(self) -> None:
        kinds = [Recovery(1, "", billed, 100).kind for billed in (94, 95, 105, 106)]
        self.assertEqual(kinds, ["warn", "good", "good", "warn"])
