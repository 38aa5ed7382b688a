"""Councils and their seats: kept, filled, ended; and whether those who sit there are like those the office serves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from comity.core.errors import DomainError
from comity.councils.models import Council, Seat
from comity.councils.services.councils import COUNCILS, SEATS, balance
from comity.councils.tests.world import CouncilTestCase
from comity.partners.bands import SIZE, size_of
from comity.partners.duplicates.services import PARTNERS, PEOPLE, merge
from comity.partners.models import Partner, Person
from comity.partners.obligations import open_with

LIST, PAGE = 5, 11  # queries


class Keeping(CouncilTestCase):
    def test_a_council_is_added_and_found(self) -> None:
        self.page(reverse("councils:add"), by=self.ana)
        said = {
            "name": "GIS  group",
            "kind": "affinity_group",
            "purpose": "Maps.",
            "facilitator": "Ana Ruiz",
            "quorum_percent": "50",
            "notice_days": "5",
            "begun_on": self.today,
        }
        self.post(reverse("councils:add"), said)
        made = Council.objects.get(name="GIS group")
        self.assertEqual((made.facilitator, made.open_meetings), (self.ana, False))
        listed = reverse("councils:list")
        self.assertNotIn("IT council", self.page(f"{listed}?kind=affinity_group").text)
        self.assertIn("GIS group", self.page(f"{listed}?q=maps").text)
        self.assertIn("IT council", self.page(f"{listed}?partner={self.roads.pk}").text)

    def test_what_cannot_be_is_refused(self) -> None:
        url = self.at("edit", self.council)
        said = {"name": "IT council", "kind": "council", "purpose": "P.", "facilitator": "Ana Ruiz"}
        said |= {"quorum_percent": "50", "notice_days": "5", "begun_on": str(self.today)}
        before = str(self.today - timedelta(days=1))
        seen = self.seen(url, by=self.ana)
        self.post_refused(url, {**said, **seen, "ends_on": before}, "It cannot end before it begins.")
        self.post_refused(url, {**said, **seen, "quorum_percent": "0"}, "greater than or equal to 1")

    def test_list_and_page_take_few_queries(self) -> None:
        self.page(reverse("councils:list"), by=self.ana)
        with self.assertQueries(LIST):
            self.page(reverse("councils:list"))
        self.met(7)
        with self.assertQueries(PAGE):
            page = self.page(self.council.get_absolute_url())
        self.assertIn("1 seat is vacant.", page.text)
        self.assertIn("Room 4", page.text)


class Sitting(CouncilTestCase):
    def fill(self, seat: Seat, **facts: Any) -> Seat:
        return SEATS.mend(seat, facts, by=self.ana)

    def test_a_vacancy_is_filled_and_a_term_ended(self) -> None:
        url = self.at("edit_seat", self.vacant)
        said = {**self.seen(url, by=self.ana), "role": "member", "begins_on": self.vacant.begins_on}
        self.post(url, {**said, "person": "Flo Money"})
        self.vacant.refresh_from_db()
        self.assertEqual(self.vacant.person, self.flo_person)
        self.assertEqual(self.vacant.state(self.today), Seat.State.FILLED)
        self.fill(self.vacant, ends_on=self.today + timedelta(days=30))
        self.assertEqual(Seat.objects.get(pk=self.vacant.pk).state(self.today), Seat.State.ENDING)
        self.fill(self.vacant, ends_on=self.today)
        self.assertEqual(Seat.objects.get(pk=self.vacant.pk).state(self.today), Seat.State.ENDED)
        successor = f"{self.at('add_seat', self.council)}?partner={self.roads.pk}"
        self.assertIn(successor.replace("&", "&amp;"), self.page(self.council.get_absolute_url()).text)
        self.assertIn("Department of Roads", self.page(successor).text)

    def test_one_person_sits_in_a_council_once_at_a_time(self) -> None:
        with self.assertRaisesMessage(DomainError, "Ben Okafor already has a seat here at that time."):
            self.fill(self.vacant, person=self.ben_person)
        self.fill(self.ben_seat, ends_on=self.today)
        with self.assertRaisesMessage(DomainError, "already has a seat"):
            self.fill(self.vacant, person=self.ben_person)
        again = self.seated(self.parks, self.ben_person, begins_on=self.today)
        self.assertEqual(again.person, self.ben_person)

    def test_nobody_sits_for_whom_the_office_no_longer_serves(self) -> None:
        Partner.objects.filter(pk=self.roads.pk).update(status="former")
        url = self.at("add_seat", self.council)
        said = {"partner": "Department of Roads", "role": "member", "begins_on": self.today}
        self.post_refused(url, said, "Department of Roads is no longer served.", by=self.ana)
        self.vacant.refresh_from_db()
        self.fill(self.vacant, ends_on=self.today)

    def test_whoever_has_left_gets_no_seat_and_keeps_none_unseen(self) -> None:
        Person.objects.filter(pk=self.cy_person.pk).update(left_on=self.today)
        self.assertEqual(Seat.objects.get(pk=self.cy_seat.pk).state(self.today), Seat.State.LEFT)
        with self.assertRaisesMessage(DomainError, "Cy Young has left."):
            self.seated(self.parks, Person.objects.get(pk=self.cy_person.pk), begins_on=self.today)

    def test_a_term_ends_after_it_begins(self) -> None:
        with self.assertRaisesMessage(DomainError, "A term ends after it begins."):
            self.fill(self.ben_seat, ends_on=self.ben_seat.begins_on)

    def test_a_seat_follows_whom_it_is_of(self) -> None:
        other = Person.objects.create(name="C. Young")
        merge(PEOPLE, survivor_id=other.pk, tombstone_id=self.cy_person.pk, theirs={}, by=self.ada)
        merge(PARTNERS, survivor_id=self.trails.pk, tombstone_id=self.roads.pk, theirs={}, by=self.ada)
        self.cy_seat.refresh_from_db()
        self.assertEqual((self.cy_seat.person, self.cy_seat.partner), (other, self.trails))

    def test_a_seat_is_removed_only_while_nobody_used_it(self) -> None:
        meeting = self.met()
        self.there(meeting, ben="there")
        with self.assertRaisesMessage(DomainError, "still in use"):
            SEATS.drop(self.ben_seat, by=self.ana)
        self.page(self.at("remove_seat", self.vacant), by=self.ana)
        self.post(self.at("remove_seat", self.vacant), {})
        self.assertFalse(Seat.objects.filter(pk=self.vacant.pk).exists())

    def test_what_is_open_with_a_partner_counts_its_seats(self) -> None:
        self.assertIn("2 seats in councils", [each.label for each in open_with(self.roads)])

    def test_another_facilitates_when_one_leaves(self) -> None:
        from comity.councils.services.councils import hand_over

        self.assertEqual(hand_over(self.ana, self.cora, self.ada), 1)
        self.assertEqual(Council.objects.get(pk=self.council.pk).facilitator, self.cora)


class Balanced(CouncilTestCase):
    def test_filled_seats_stand_beside_those_the_office_serves(self) -> None:
        Partner.objects.filter(pk=self.parks.pk).update(headcount=60)
        Partner.objects.filter(pk=self.roads.pk).update(headcount=4_000, kind="county")
        seats = list(self.council.seats.filled().select_related("partner"))
        found = balance(seats, self.ana)
        sizes = {each.label.partition(":")[0]: (each.seats, each.served) for each in found.sizes}
        self.assertEqual(sizes, {"Small": (2, 1), "Large": (1, 1), "Size not known": (0, 1)})
        branches = {each.label: (each.seats, each.percent_of_seats, each.served) for each in found.branches}
        self.assertEqual(branches, {"Executive branch": (2, 67, 2), "Local governments": (1, 33, 1)})
        self.assertEqual(found.small, [self.parks])
        self.assertIn("Small ones with a seat:", self.page(self.council.get_absolute_url(), by=self.ana).text)

    def test_the_database_counts_size_as_it_is_counted_elsewhere(self) -> None:
        numbers = (None, 0, 99, 100, 999, 1_000, 9_999, 10_000, 100_000, 1_000_000)
        for people in numbers:
            for inhabitants in numbers:
                facts = {"headcount": people, "population": inhabitants}
                Partner.objects.filter(pk=self.parks.pk).update(**facts)
                said = Partner.objects.filter(pk=self.parks.pk).values_list(SIZE, flat=True).get()
                self.assertEqual(said, size_of(people, inhabitants), facts)


class NoCouncil(CouncilTestCase):
    def test_a_council_without_seats_has_a_page(self) -> None:
        empty = COUNCILS.enter(
            {"name": "New", "purpose": "P.", "facilitator": self.ana, "begun_on": self.today}, by=self.ana
        )
        text = self.page(empty.get_absolute_url(), by=self.olu).text
        self.assertIn("Nobody sits here yet.", text)
        self.assertIn("No small one has a seat.", text)
