"""Whom have we not visited: who waits longest against the goal of their tier stands first, and who was never met before all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from comity.meetings import services
from comity.meetings.tests.test_visits import VisitTestCase
from comity.office.models import Office, VisitTier
from comity.partners.models import Partner

URL = "/meetings/unvisited/"


class Unvisited(VisitTestCase):
    def setUp(self) -> None:
        yearly = VisitTier.objects.create(name="Yearly", every_days=365)
        facts: dict[str, Any] = {"kind": Partner.Kind.COUNTY, "tier": yearly, "last_met_on": self.ago(400)}
        self.county = Partner.objects.create(name="Carter County", name_key="carter county", **facts)
        Partner.objects.create(name="No Tier", name_key="no tier")
        self.met(held_on=self.ago(90))
        self.met(partners=[self.roads], held_on=self.ago(30), theirs=[])

    def ago(self, days: int) -> Any:
        return self.today - timedelta(days=days)

    def names(self, **data: str) -> list[str]:
        return [row.name for row in self.page(URL, by=self.ana, data=data).context["table"].page]

    def test_the_most_overdue_by_their_tier_first_and_never_met_first_of_all(self) -> None:
        self.assertEqual(
            self.names(),
            ["Division of Trails", "Department of Parks", "Carter County", "Department of Roads"],
        )

    def test_it_says_how_many_and_who_is_left_out(self) -> None:
        words = self.reads(self.page(URL, by=self.ana))
        self.assertIn("3 partners are overdue for a visit, and 1 of them we have never met.", words)
        self.assertIn("One without a tier is not listed.", words)
        self.assertIn("90 days ago", words)

    def test_it_narrows_by_contact_tier_kind_and_what_is_overdue(self) -> None:
        self.assertEqual(self.names(contact=str(self.ana.pk)), ["Department of Parks"])
        self.assertEqual(self.names(tier="Yearly"), ["Carter County"])
        self.assertEqual(self.names(kind="county"), ["Carter County"])
        self.assertNotIn("Department of Roads", self.names(overdue="1"))

    def test_a_visit_is_planned_from_its_row_and_one_that_is_planned_stands_there(self) -> None:
        page = self.page(URL, by=self.ana)
        self.assertContains(page, f"{reverse('meetings:plan_visit')}?partner={self.parks.pk}")
        plan = services.plan_visit(
            partners=[self.parks], by=self.ana, planned_on=self.today + timedelta(days=4)
        )
        page = self.page(URL, by=self.ana)
        self.assertContains(page, plan.get_absolute_url())
        self.assertNotContains(page, f"{reverse('meetings:plan_visit')}?partner={self.parks.pk}")

    def test_it_goes_out_as_csv_with_days_and_codes(self) -> None:
        self.client.force_login(self.ana)
        text = self.client.get(URL, {"format": "csv"}).getvalue().decode("utf-8-sig")
        head, first, second, *_rest = text.splitlines()
        self.assertEqual(head, "name,days_since,goal,contact,kind,coming,code,tier,last_met_on,id")
        self.assertTrue(first.startswith("Division of Trails,,60,"))
        self.assertTrue(second.startswith("Department of Parks,90,60,Ana Ruiz,agency,,PARKS,Tier 1,"))

    def test_it_asks_the_same_however_many_there_are(self) -> None:
        for number in range(60):
            facts: dict[str, Any] = {"tier": self.tier, "last_met_on": self.ago(number)}
            Partner.objects.create(name=f"Town {number}", name_key=f"town {number}", **facts)
        self.page(URL, by=self.ana)
        with self.assertQueries(8):
            self.client.get(URL)

    def test_the_counties_stand_on_a_map_by_how_long_ago_we_met(self) -> None:
        Office.objects.update_or_create(pk=1, defaults={"state_fips": "47"})
        Partner.objects.filter(pk=self.county.pk).update(fips="47019")
        wake = {"kind": Partner.Kind.COUNTY, "fips": "37183", "last_met_on": self.ago(3)}
        Partner.objects.create(name="Wake County", name_key="wake county", **wake)
        words = self.reads(self.page(URL, by=self.ana))
        with self.assertQueries(8):
            self.client.get(URL)
        self.assertIn("1 of 2 counties were not visited within half a year", words)
        self.assertIn("Carter County Longer ago 400 days ago", words)
        self.assertIn(
            "Its code is of no county of this state, so it is not on the map: Wake County (37183).", words
        )

    def test_partners_users_have_no_such_page(self) -> None:
        self.page(URL, by=self.ben, status=403)
