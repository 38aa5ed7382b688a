"""The register of who in the office understands whom, and where nobody does."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from comity.business.models import Understanding
from comity.business.services import UNDERSTANDING
from comity.partners.models import Partner
from comity.testing.cast import CastTestCase

REGISTER = 7  # queries


class Register(CastTestCase):
    def at(self, name: str, *rows: Any) -> str:
        return reverse(f"business:{name}", args=[row.pk for row in rows])

    def gaps(self) -> list[Partner]:
        return list(Understanding.objects.without(Partner.objects.served()))

    def knows(self, **facts: Any) -> Understanding:
        return UNDERSTANDING.enter({"user": self.ana, **facts}, by=self.ana)

    def test_somebody_is_entered_and_stands_on_the_page_of_the_partner(self) -> None:
        url = self.at("add_understanding")
        page = self.page(url, by=self.olu, data={"partner": self.parks.pk})
        self.assertEqual(str(page.context["form"]["partner"].value()), str(self.parks.pk))
        said = {"user": "Ana Ruiz", "partner": "Department of Parks", "level": "inside", "note": "A ranger."}
        self.post(url, said, expect=self.at("register"))
        told = self.reads(self.page(self.at("of_partner", self.parks)))
        self.assertIn("Who of us understands it Ana Ruiz Knows it from the inside A ranger.", told)
        self.assertIn("Ana Ruiz Department of Parks", self.reads(self.page(self.at("register"))))

    def test_a_partner_with_all_below_it_or_a_whole_kind_is_understood(self) -> None:
        self.assertEqual(self.gaps(), [self.parks, self.roads, self.trails])
        self.knows(partner=self.parks)
        self.assertEqual(self.gaps(), [self.roads])
        self.assertEqual(len(Understanding.objects.of(self.trails)), 1)
        self.knows(kind="agency")
        self.assertEqual(self.gaps(), [])

    def test_who_learns_or_has_left_fills_no_gap(self) -> None:
        row = self.knows(partner=self.roads, level="learning")
        self.assertIn(self.roads, self.gaps())
        UNDERSTANDING.mend(row, {"level": "knows"}, by=self.ana)
        self.assertNotIn(self.roads, self.gaps())
        type(self.ana).objects.filter(pk=self.ana.pk).update(is_active=False)
        self.assertIn(self.roads, self.gaps())
        self.assertFalse(Understanding.objects.of(self.roads))

    def test_the_register_says_how_many_nobody_understands_and_leads_to_them(self) -> None:
        page = self.page(self.at("register"), by=self.ira)
        self.assertIn("Nobody in our office understands 3 partners.", self.reads(page))
        listed = self.page(self.at("list"), data={"gap": "1"}).context["table"]
        self.assertEqual(listed.total, 3)

    def test_one_of_both_is_named_and_nobody_stands_there_twice(self) -> None:
        url, said = self.at("add_understanding"), {"user": "Ana Ruiz", "level": "knows"}
        self.post_refused(url, said, "Name one of them", by=self.ana)
        self.post_refused(
            url, {**said, "partner": "Department of Parks", "kind": "county"}, "Name one of them"
        )
        self.knows(kind="county")
        self.post_refused(url, {**said, "kind": "county"}, "in the register already")

    def test_an_entry_is_changed_and_removed(self) -> None:
        row = self.knows(partner=self.parks)
        url = self.at("edit_understanding", row)
        said = {"user": "Ana Ruiz", "partner": "Department of Parks", "level": "learning"}
        self.post(url, {**self.seen(url, by=self.cora), **said})
        row.refresh_from_db()
        self.assertEqual(row.level, "learning")
        self.post(self.at("remove_understanding", row), {}, expect=self.at("register"))
        self.assertFalse(Understanding.objects.exists())

    def test_partners_see_none_of_it(self) -> None:
        row = self.knows(partner=self.parks)
        self.assertFalse(Understanding.objects.visible_to(self.ben).exists())
        self.page(self.at("register"), by=self.ben, status=403)
        self.page(self.at("edit_understanding", row), status=403)
        self.assertNotContains(self.page(self.at("of_partner", self.parks)), "Ana Ruiz")

    def test_as_many_queries_whoever_stands_in_it(self) -> None:
        self.knows(partner=self.parks)
        self.knows(kind="county")
        self.client.force_login(self.ana)
        with self.assertQueries(REGISTER):
            self.client.get(self.at("register"))
