"""Assigning from the list of those without a contact: chosen there, done, told, taken back, and never unnoticed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from comity.audit.models import Entry
from comity.partners import services
from comity.partners.models import Assignment, Partner
from comity.testing.cast import CastTestCase

COVERAGE, ASSIGN = reverse("coverage"), reverse("partners:assign_gaps")


class FromCoverage(CastTestCase):
    """Nobody leads Roads and Trails; Ana leads Parks."""

    def ticked(self, *partners: Partner, **typed: Any) -> dict[str, Any]:
        return {"ids": [each.pk for each in partners], "query": "sort=-days&q=d", **typed}

    def typed(self, **more: Any) -> dict[str, Any]:
        return {
            "step": "act",
            "user": "Olu Staff",
            "role": "lead",
            "starts_on": self.today.isoformat(),
            **more,
        }

    def gap(self, partner: Partner) -> object:
        return Partner.objects.get(pk=partner.pk).lead_gap_since

    def undo(self, page: Any) -> str:
        """Where the toast's button leads."""
        found = re.search(r'action="(/partners/assign/undo/[^"]+)"', page.content.decode())
        assert found is not None
        return found[1]

    def test_rows_have_boxes_for_who_may_assign_and_no_other(self) -> None:
        page = self.page(COVERAGE, by=self.cora)
        self.assertContains(page, 'name="ids"', count=2)
        self.assertContains(page, f'formaction="{ASSIGN}"')
        words = self.reads(self.page(COVERAGE, by=self.ana))
        self.assertIn("Who can assign a contact: Cora Customer", words)
        self.assertNotIn("Assign a contact", words)
        self.post(ASSIGN, self.ticked(self.roads), by=self.ana, expect=403)

    def test_the_chosen_are_asked_about_assigned_and_one_is_back_where_one_was(self) -> None:
        asked = self.post(ASSIGN, self.ticked(self.roads, self.trails), by=self.cora, expect=200)
        self.assertIn("2 are chosen.", self.reads(asked))
        self.assertFalse(Entry.objects.exists())
        back = f"{COVERAGE}?sort=-days&q=d"
        self.post(ASSIGN, self.ticked(self.roads, self.trails, **self.typed()), by=self.cora, expect=back)
        words = self.reads(self.page(back, by=self.cora))
        self.assertIn("Olu Staff looks after 2 more.", words)
        self.assertIn("Every partner has a name to call.", words)
        self.assertEqual(self.roads.lead_on(self.today), self.olu)

    def test_all_that_the_filter_shows_are_gaps_alone(self) -> None:
        typed = self.typed(all="1", query="q=department")
        self.post(ASSIGN, typed, by=self.cora, expect=f"{COVERAGE}?q=department")
        led = Assignment.objects.filter(user=self.olu).values_list("partner", flat=True)
        self.assertEqual(list(led), [self.roads.pk])

    def test_it_is_taken_back_and_the_gap_is_as_old_as_it_was(self) -> None:
        before = self.gap(self.roads)
        self.post(ASSIGN, self.ticked(self.roads, self.trails, **self.typed()), by=self.cora)
        undo = self.undo(self.page(COVERAGE, by=self.cora))
        self.post(undo, by=self.cora, expect=f"{COVERAGE}?sort=-days&q=d")
        self.assertIn("2 taken back.", self.reads(self.page(COVERAGE, by=self.cora)))
        self.assertIsNone(self.roads.lead_on(self.today))
        self.assertEqual((self.gap(self.roads), self.gap(self.trails)), (before, before))
        told = [notice.text for notice in self.olu.notices.order_by("-pk")]
        self.assertIn("Taken back: you do not look after the 2 partners", told[0])
        self.post(undo, by=self.cora, expect=f"{COVERAGE}?sort=-days&q=d")
        self.assertIn("nothing left to undo", self.reads(self.page(COVERAGE, by=self.cora)))

    def test_nobody_takes_back_unnoticed(self) -> None:
        """Those who watch over coverage hear of the gap that opens by it."""
        made = services.assign(self.roads, self.olu, "lead", self.today, self.cora)
        services.take_back([made.pk], by=self.ada)
        self.assertEqual(
            [notice.text for notice in self.cora.notices.all()],
            ["Department of Roads no longer has a lead contact."],
        )

    def test_what_was_changed_since_is_left_alone(self) -> None:
        self.post(ASSIGN, self.ticked(self.roads, self.trails, **self.typed()), by=self.cora)
        undo = self.undo(self.page(COVERAGE, by=self.cora))
        services.hand_over(
            self.olu, self.sol, Partner.objects.filter(pk=self.roads.pk), self.today, "", self.ada
        )
        self.post(undo, by=self.cora)
        self.assertEqual(self.roads.lead_on(self.today), self.sol)
        self.assertIsNone(self.trails.lead_on(self.today))

    def test_an_address_that_was_changed_is_none_of_ours(self) -> None:
        self.post(ASSIGN, self.ticked(self.roads, **self.typed()), by=self.cora)
        undo = self.undo(self.page(COVERAGE, by=self.cora))
        self.assertEqual(Client().post(undo).status_code, 302)
        self.client.force_login(self.cora)
        self.assertEqual(self.client.post(undo[:-3] + "x/").status_code, 404)
        self.post(undo, by=self.ana, expect=403)

    def test_what_somebody_else_assigned_meanwhile_is_said(self) -> None:
        services.assign(self.roads, self.sol, "lead", self.today, self.ada)
        both = self.ticked(self.roads, self.trails, **self.typed())
        self.post(ASSIGN, both, by=self.cora)
        words = self.reads(self.page(COVERAGE, by=self.cora))
        self.assertIn("Olu Staff looks after 1 more. Sol Service has been the lead contact for", words)
        refused = self.post(ASSIGN, both, by=self.cora, expect=422)
        self.assertIn("2 stay as they are. The first:", self.reads(refused))

    def test_bad_input_is_said_and_changes_nothing(self) -> None:
        for typed, words in [
            ({"user": "Zed"}, "Nothing is named “Zed”"),
            ({"user": ""}, "Fill this in."),
            ({"role": "boss"}, "Select a valid choice"),
            ({"starts_on": "yesterday"}, "Enter a valid date"),
        ]:
            with self.subTest(typed):
                refused = self.post(
                    ASSIGN, self.ticked(self.roads, **self.typed(**typed)), by=self.cora, expect=422
                )
                self.assertIn(words, self.reads(refused))
        self.post(ASSIGN, self.ticked(**self.typed()), by=self.cora, expect=f"{COVERAGE}?sort=-days&q=d")
        self.assertIn("Nothing was chosen.", self.reads(self.page(COVERAGE, by=self.cora)))
        self.assertEqual(Assignment.objects.count(), 1)

    def test_from_a_day_to_come_it_says_so_and_the_gap_stays_on_the_page(self) -> None:
        day = self.today + timedelta(days=9)
        typed = self.typed(starts_on=day.isoformat())
        self.post(ASSIGN, self.ticked(self.roads, **typed), by=self.cora)
        words = self.reads(self.page(COVERAGE, by=self.cora))
        self.assertIn("Olu Staff will look after 1 more from", words)
        self.assertIn("Department of Roads", words)

    def test_hand_over_begins_at_a_contacts_row_and_leads_back(self) -> None:
        url = f"{reverse('partners:hand_over', args=[self.ana.pk])}?from=coverage"
        self.assertContains(self.page(COVERAGE, by=self.cora), f'href="{url}"')
        self.assertNotContains(self.page(COVERAGE, by=self.ana), url)
        typed = {"to_user": "Olu Staff", "on": self.today.isoformat(), "partners": [self.parks.pk]}
        self.post(url, {**typed, "step": "sure"}, by=self.cora, expect=COVERAGE)
        self.assertIn("1 handed over to Olu Staff.", self.reads(self.page(COVERAGE, by=self.cora)))
        self.assertIsNone(self.gap(self.parks))

    def test_every_number_opens_its_rows(self) -> None:
        text = self.page(COVERAGE, by=self.cora).content.decode()
        main = text.partition("<main")[2].partition("</main>")[0]
        for cell in re.findall(r'<td class="n"[^>]*>(.*?)</td>', main, re.DOTALL):
            if re.search(r"\d", cell):
                self.assertIn("<a href=", cell)
        for url, count in (("?status=active", 3), ("?with_lead=1", 1)):
            self.assertIn(f'href="{reverse("partners:list")}{url}"', main)
            page = self.page(f"{reverse('partners:list')}{url}", by=self.cora)
            self.assertIn(f"{count} in all", self.reads(page))

    def test_when_nobody_is_assigned_it_says_what_to_do(self) -> None:
        Assignment.objects.all().delete()
        words = self.reads(self.page(COVERAGE, by=self.cora))
        self.assertIn("No contacts are assigned yet. Choose above", words)

    def test_a_full_page_keeps_to_its_queries(self) -> None:
        Partner.objects.bulk_create(
            Partner(name=f"Board {n:03}", name_key=f"board {n:03}", lead_gap_since=self.today)
            for n in range(120)
        )
        self.client.force_login(self.cora)
        self.client.get(COVERAGE)
        with self.assertQueries(9):
            page = self.client.get(f"{COVERAGE}?q=board&sort=-days")
        self.assertContains(page, "Select all 120 found")
        with self.assertQueries(6):
            self.client.get(f"{COVERAGE}?q=board", headers={"HX-Request": "true", "HX-Target": "table-gaps"})


class GapAfterNothing(CastTestCase):
    """A lead that never held leaves the gap as it was, however it came to its end."""

    def test_ended_on_its_first_day(self) -> None:
        made = services.assign(self.roads, self.olu, "lead", self.today, self.cora)
        services.end_assignment(made, self.today, None, "By mistake", self.cora)
        gap = Partner.objects.get(pk=self.roads.pk).lead_gap_since
        self.assertEqual(gap, self.today - timedelta(days=30))

    def test_one_that_did_hold_opens_a_gap_of_its_own(self) -> None:
        yesterday = self.today - timedelta(days=1)
        made = services.assign(self.roads, self.olu, "lead", yesterday, self.cora)
        services.end_assignment(made, self.today, None, "", self.cora)
        self.assertEqual(Partner.objects.get(pk=self.roads.pk).lead_gap_since, self.today)

    def test_taken_back(self) -> None:
        made = services.assign(self.roads, self.olu, "lead", self.today, self.cora)
        self.assertEqual(services.take_back([made.pk], by=self.cora), 1)
        gap = Partner.objects.get(pk=self.roads.pk).lead_gap_since
        self.assertEqual(gap, self.today - timedelta(days=30))
