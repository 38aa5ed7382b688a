"""The lists of runs and of bills."""

from __future__ import annotations

from django.urls import reverse

from comity.billing.models import Run
from comity.billing.tests.matrix import bill_for, run_for
from comity.testing.cast import CastTestCase


class Lists(CastTestCase):
    """A draft of October, with bills for Parks and Roads."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        for partner in (cls.parks, cls.roads):
            bill_for(cls.cast, partner)

    def test_runs_and_bills_are_listed_for_the_office(self) -> None:
        runs = self.reads(self.page(reverse("billing:runs"), by=self.olu))
        self.assertIn("October 2026 Draft", runs)
        bills = self.page(reverse("billing:bills"), data={"q": "parks"})
        self.assertEqual([bill.partner for bill in bills.context["table"].page], [self.parks])
        self.page(run_for(self.cast).get_absolute_url())

    def test_partners_have_no_way_to_runs_and_see_no_draft(self) -> None:
        self.page(reverse("billing:runs"), by=self.ben, status=403)
        self.assertEqual(self.page(reverse("billing:bills"), by=self.ben).context["table"].total, 0)

    def test_what_still_runs_or_was_dropped_is_no_bill(self) -> None:
        for state in (Run.State.RUNNING, Run.State.DROPPED):
            Run.objects.update(state=state)
            answer = self.page(reverse("billing:bills"), by=self.finn)
            self.assertEqual(answer.context["table"].total, 0)
