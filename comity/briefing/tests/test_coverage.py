"""Who looks after whom: the page and the command."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO

from django.core.management import call_command

from comity.briefing.coverage import coverage, sentence
from comity.followups import services as ring
from comity.followups.models import FollowUp
from comity.partners.models import Partner
from comity.testing.cast import CastTestCase


class Coverage(CastTestCase):
    """Ana leads Parks; nobody leads Roads and Trails."""

    def test_it_counts_partners_with_and_without_a_contact(self) -> None:
        found = coverage(self.cora, self.today)
        self.assertEqual((found.partners, found.with_lead, found.without_lead), (3, 1, 2))
        self.assertEqual(sentence(found), "Two partners have nobody to call.")

    def test_the_load_of_a_contact_counts_what_is_open_and_late_once_each(self) -> None:
        for _ in range(2):
            ring.raise_follow_up(kind="concern", partner=self.parks, title="It rains in", by=self.ana)
        FollowUp.objects.filter(pk=FollowUp.objects.order_by("pk")[0].pk).update(
            due_on=self.today - timedelta(days=1)
        )
        Partner.objects.filter(pk=self.parks.pk).update(headcount=120)
        (carried,) = coverage(self.cora, self.today).carried
        self.assertEqual((carried.user, carried.load.partners, carried.late), (self.ana, 1, 1))
        # 120 people: weight 2; two open follow-ups: half a point.
        self.assertEqual(carried.load.points, Decimal("2.5"))

    def test_partners_no_longer_served_are_left_out(self) -> None:
        Partner.objects.filter(pk__in=[self.roads.pk, self.trails.pk]).update(status=Partner.Status.FORMER)
        self.assertEqual(sentence(coverage(self.cora, self.today)), "Every partner has a name to call.")

    def test_the_page_lists_the_gaps_and_links_each_contact_to_its_partners(self) -> None:
        self.client.force_login(self.cora)
        page = self.page("/coverage/")
        self.assertContains(page, "Department of Roads")
        self.assertContains(page, "Ana Ruiz")

    def test_staff_without_the_capability_may_not_open_it(self) -> None:
        self.client.force_login(self.ben)
        self.assertEqual(self.client.get("/coverage/").status_code, 403)

    def test_the_command_prints_one_object_with_the_gaps_and_the_contacts(self) -> None:
        out = StringIO()
        call_command("coverage", "--json", stdout=out)
        found = json.loads(out.getvalue())
        self.assertEqual((found["partners"], found["with_lead"]), (3, 1))
        since = str(self.today - timedelta(days=30))
        self.assertIn({"code": "ROADS", "name": "Department of Roads", "since": since}, found["without_lead"])
        self.assertEqual(
            found["contacts"], [{"email": "ana@oit.example.gov", "partners": 1, "open_follow_ups": 0}]
        )

    def test_the_command_says_the_same_in_words(self) -> None:
        out = StringIO()
        call_command("coverage", stdout=out)
        self.assertIn("1 of 3 partners have a lead contact.", out.getvalue())
