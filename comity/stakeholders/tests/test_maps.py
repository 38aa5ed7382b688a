"""The map of a partner or an initiative: the grid, moving on it, and as it was on a day."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from unittest import mock

from django.utils import timezone

from comity.audit.models import Entry
from comity.stakeholders.models import Stakeholder
from comity.stakeholders.services import STAKEHOLDERS
from comity.stakeholders.tests.world import StakesTestCase

MAP = 8  # queries


class Maps(StakesTestCase):
    def test_everyone_lies_in_a_square_with_a_sign_and_stands_in_the_table(self) -> None:
        page = self.page(self.payroll.get_absolute_url(), by=self.olu)
        squares = {(one.influence, one.interest): one for line in page.context["grid"].lines for one in line}
        self.assertEqual([one.row for one in squares[4, 5].people], [self.ben_row])
        self.assertEqual([one.row for one in squares[5, 3].people], [self.eve_row])
        text = self.reads(page)
        self.assertIn("New payroll: 1 of 2 with much influence has doubts or is opposed", text)
        self.assertIn("1 Ben Okafor −− Opposed", text)
        self.assertIn("Ben Okafor long-timer Advises whoever decides −− Opposed 4 5 Manage closely", text)
        self.assertNotContains(page, "data-map")  # Olu only looks

    def test_who_influences_whom_is_drawn_with_its_table_and_circles_too(self) -> None:
        STAKEHOLDERS.mend(self.eve_row, {"influences": [self.ben_row]}, by=self.ana)
        page = self.page(self.payroll.get_absolute_url(), by=self.olu)
        text = self.reads(page)
        self.assertIn("Ben Okafor is listened to by 1 other on this map", text)
        self.assertIn("Who Influences Ben Okafor Eve Head Eve Head Ben Okafor", text)
        self.assertContains(page, 'class="usual"', count=1)  # of the two lines one leads back

    def test_a_partners_own_map_has_only_those_of_no_initiative(self) -> None:
        self.rated(self.ben_person, initiative=None, stance="champion", influence=2)
        page = self.page(self.at("of_partner", self.parks), by=self.ana)
        self.assertIn("Department of Parks: nobody on the map has much influence", self.reads(page))
        self.assertContains(page, self.payroll.get_absolute_url())
        self.assertIn("Nobody is on the map", self.reads(self.page(self.at("of_partner", self.roads))))

    def test_as_many_queries_whoever_is_on_it(self) -> None:
        self.client.force_login(self.ana)
        with self.assertQueries(MAP):
            self.client.get(self.payroll.get_absolute_url())
        self.rated(self.cy_person, partner=self.roads)
        self.rated(self.flo_person, partner=self.roads)
        with self.assertQueries(MAP):
            self.client.get(self.payroll.get_absolute_url())

    def test_who_left_or_is_no_longer_involved_is_on_it_no_more(self) -> None:
        STAKEHOLDERS.mend(self.ben_row, {"ends_on": self.today}, by=self.ana)
        type(self.eve_person).objects.filter(pk=self.eve_person.pk).update(left_on=self.today)
        self.assertIn(
            "Nobody is on the map", self.reads(self.page(self.payroll.get_absolute_url(), by=self.ana))
        )


class Moving(StakesTestCase):
    def test_a_move_is_kept_with_its_trail_and_leads_back_to_whoever_moved(self) -> None:
        url = self.at("move", self.ben_row)
        said = {"influence": 2, "interest": 4, **self.seen(url, by=self.ana)}
        self.post(url, said, expect=f"{self.payroll.get_absolute_url()}#s{self.ben_row.pk}")
        self.ben_row.refresh_from_db()
        self.assertEqual((self.ben_row.influence, self.ben_row.quadrant), (2, "informed"))
        entry = Entry.objects.about(self.ben_row)[0]
        self.assertEqual((entry.before, entry.partner_id), ({"influence": 4, "interest": 5}, self.parks.pk))

    def test_a_move_is_undone_unless_somebody_moved_them_since(self) -> None:
        url = self.at("move", self.ben_row)
        self.post(url, {"influence": 1, "interest": 1, **self.seen(url, by=self.ana)})
        page = self.page(self.payroll.get_absolute_url()).content.decode()
        undo = unescape(page).split(f'action="{url}?')[1].split('"')[0]
        self.post(f"{url}?{undo}")
        self.ben_row.refresh_from_db()
        self.assertEqual((self.ben_row.influence, self.ben_row.interest), (4, 5))
        STAKEHOLDERS.mend(self.ben_row, {"influence": 2}, by=self.cora)
        self.post(f"{url}?{undo}", expect=409)

    def test_two_who_move_somebody_at_once_are_shown_both(self) -> None:
        url = self.at("move", self.ben_row)
        seen = self.seen(url, by=self.ana)
        self.post(url, {"influence": 1, "interest": 5, **seen}, by=self.cora)
        answer = self.post(url, {"influence": 5, "interest": 5, **seen}, by=self.ana, expect=409)
        self.assertIn("Influence When you started: 4 Theirs: 1 Yours: 5", self.reads(answer))
        self.post(url, self.chosen(answer))
        self.ben_row.refresh_from_db()
        self.assertEqual(self.ben_row.influence, 5)

    def test_a_square_that_is_none_is_refused(self) -> None:
        url = self.at("move", self.ben_row)
        self.post_refused(
            url, {"influence": 6, "interest": 5, **self.seen(url, by=self.ana)}, "less than or equal to 5"
        )

    def test_who_only_looks_moves_nobody(self) -> None:
        self.page(self.at("move", self.ben_row), by=self.olu, status=403)
        self.post(self.at("move", self.ben_row), {"influence": 1, "interest": 1}, expect=403)


class AsOf(StakesTestCase):
    def test_in_spring_she_stood_elsewhere(self) -> None:
        """Ben was opposed, came round in two steps; Eve was not on the map yet."""
        spring = timezone.now() - timedelta(days=200)
        Stakeholder.objects.filter(pk=self.ben_row.pk).update(added_at=spring)
        for days, facts in ((90, {"stance": "doubter", "sure": "checked"}), (30, {"stance": "neutral"})):
            with mock.patch("django.utils.timezone.now", return_value=timezone.now() - timedelta(days=days)):
                STAKEHOLDERS.mend(self.ben_row, facts, by=self.ana)
        url = self.payroll.get_absolute_url()
        for days, stance in ((100, "Opposed"), (60, "Doubter")):
            page = self.page(url, by=self.olu, data={"on": self.today - timedelta(days=days)})
            self.assertEqual(len(page.context["grid"].people), 1)
            self.assertIn(f"Stance: {stance} → Neutral", self.reads(page))
        self.assertIn(
            "How sure we are: Assumed → Checked with them",
            self.reads(self.page(url, data={"on": self.today - timedelta(days=100)})),
        )
        page = self.page(url, data={"on": self.today - timedelta(days=10)})
        self.assertIn("Nothing: everyone stands where they stood.", self.reads(page))
        self.assertNotContains(page, "data-map")

    def test_before_anybody_was_on_it_there_is_nobody(self) -> None:
        day = self.today - timedelta(days=9)
        page = self.page(self.payroll.get_absolute_url(), by=self.ana, data={"on": day})
        self.assertEqual(page.context["grid"].people, [])

    def test_a_day_to_come_gets_a_sentence(self) -> None:
        day = self.today + timedelta(days=1)
        page = self.page(self.payroll.get_absolute_url(), by=self.olu, data={"on": day})
        self.assertIn("This day is still to come.", self.reads(page))
