"""What became of low ratings: the figures, the rows behind each, and how long it took."""

from __future__ import annotations

import csv
import re
from datetime import datetime, time, timedelta
from html import unescape
from typing import Any

from comity.followups import services as ring
from comity.followups.models import FollowUp, FollowUpQuerySet, Helped, How
from comity.meetings.services import log_visit
from comity.office import services as office
from comity.surveys.models import Mode, Participant, Response, Wave
from comity.surveys.services import closed_loop, counting, low_ratings
from comity.surveys.tests import world
from comity.surveys.tests.test_wave_pages import WavePagesTestCase


class LoopTestCase(WavePagesTestCase):
    def rated(self, wave: Wave, person: Any, partner: Any, overall: int, **more: Any) -> Response:
        """Somebody answers; what is low is heard."""
        participant, _raw = world.invited(wave, person, partner)
        response = world.answered(participant, overall=overall)
        Response.objects.filter(pk=response.pk).update(**more)
        response.refresh_from_db()
        low_ratings.hear(response, Participant.objects.get(pk=participant.pk), before={})
        response.refresh_from_db()
        return response

    def steps(self, rows: FollowUpQuerySet | None = None) -> list[closed_loop.Step]:
        rows = closed_loop.low_ratings(self.cora) if rows is None else rows
        return closed_loop.steps_of(rows, closed_loop.counts_of(rows))

    def setUp(self) -> None:
        """Ben rated 2: owned by Ana, done and told by mail, and it helped. Cy rated 1: nobody owns it. Eve is content."""
        self.autumn = world.wave()
        told = self.rated(self.autumn, self.ben_person, self.parks, 2).follow_up
        self.rated(self.autumn, self.cy_person, self.roads, 1)
        self.rated(self.autumn, self.eve_person, self.parks, 5)
        assert told is not None
        ring.finish(told.pk, words="Mended", by=self.ana)
        ring.tell(told.pk, how=How.MAIL, words="It is mended", by=self.ana)
        FollowUp.objects.filter(pk=told.pk).update(helped=Helped.YES)
        self.told = FollowUp.objects.get(pk=told.pk)


class Figures(LoopTestCase):
    def test_each_step_is_counted_by_the_conditions_of_the_ring(self) -> None:
        steps = self.steps()
        self.assertEqual(
            [(step.figure, step.count) for step in steps],
            [
                ("heard", 2),
                ("owned_in_time", 1),
                ("visited", 0),
                ("told", 1),
                ("helped", 1),
                ("rated_again", 0),
            ],
        )

    def test_the_time_is_the_median_of_those_that_came_so_far(self) -> None:
        other = self.rated(world.wave(key="winter"), self.flo_person, self.parks, 1).follow_up
        assert other is not None
        ring.finish(other.pk, words="Mended", by=self.ana)
        ring.tell(other.pk, how=How.PHONE, words="Told", by=self.ana, to="Flo")
        for found, days in ((self.told, 9), (other, 12)):
            FollowUp.objects.filter(pk=found.pk).update(heard_on=self.today - timedelta(days=days))
        told = self.steps()[3]
        self.assertEqual((told.figure, told.days, told.timed), ("told", 10.5, 2))

    def test_nothing_is_timed_where_nobody_came_so_far(self) -> None:
        step = self.steps(closed_loop.low_ratings(self.cora).none())[3]
        self.assertEqual((step.count, step.days, step.timed), (0, None, 0))

    def test_what_was_withdrawn_is_neither_counted_nor_timed(self) -> None:
        other = self.rated(world.wave(key="twice"), self.flo_person, self.parks, 1).follow_up
        assert other is not None
        ring.withdraw(other.pk, reason="Said twice", by=self.ana)
        owned = self.steps()[1]
        self.assertEqual((owned.count, owned.timed), (1, 1))

    def test_by_owner_and_by_kind_the_same_are_counted(self) -> None:
        rows = closed_loop.low_ratings(self.cora)
        found = closed_loop.broken_down(rows)
        self.assertEqual(found.counts, closed_loop.counts_of(rows))
        self.assertEqual(
            [(line.name, line.counts["heard"]) for line in found.by_contact], [("", 1), ("Ana Ruiz", 1)]
        )
        self.assertEqual([(line.name, line.counts["heard"]) for line in found.by_kind], [("Agency", 2)])

    def test_a_confidential_rating_counts_where_its_author_may_be_contacted(self) -> None:
        wave = world.wave(Mode.CONFIDENTIAL, key="quiet")
        self.rated(wave, self.flo_person, self.roads, 1)
        self.rated(wave, world.person_at(self, self.roads, "Rex"), self.roads, 1, may_contact=True)
        self.assertEqual(closed_loop.of_wave(closed_loop.low_ratings(self.ana), wave).count(), 1)


class Page(LoopTestCase):
    def test_it_says_how_far_they_came_and_shows_every_rating(self) -> None:
        page = self.reads(self.page("/waves/low-ratings/", by=self.cora))
        self.assertIn("2 low ratings: 1 owned within a day, 0 visited, 1 told, 1 helped.", page)
        self.assertNotIn("half ", page)
        self.assertIn("2 of 5", page)
        self.assertIn("nobody yet", page)

    def test_the_breakdowns_stand_above_the_list_and_lead_to_it(self) -> None:
        page = self.page("/waves/low-ratings/", by=self.cora).content.decode()
        self.assertLess(page.index("By owner"), page.index('id="table-loop"'))
        self.assertLess(page.index('id="table-loop"'), page.index("2 of 5"))
        self.assertIn("figure=told#table-loop", page)

    def test_what_was_told_in_the_evening_was_told_that_day_at_the_office(self) -> None:
        zone = office.time_zone()
        evening = datetime.combine(self.today - timedelta(days=1), time(21, 30), zone)
        FollowUp.objects.filter(pk=self.told.pk).update(told_at=evening)
        self.client.force_login(self.cora)
        rows = {
            row["id"]: row for row in csv.DictReader(self.csv("/waves/low-ratings/?format=csv").splitlines())
        }
        self.assertEqual(rows[str(self.told.pk)]["told"], str(evening.date()))

    def test_what_belongs_to_no_partner_is_the_offices_own_and_found_as_such(self) -> None:
        FollowUp.objects.filter(pk=self.told.pk).update(partner=None)
        page = self.page("/waves/low-ratings/?partner_kind=none", by=self.cora)
        self.assertIn("1 low rating: 1 owned within a day, 0 visited, 1 told, 1 helped.", self.reads(page))
        self.assertNotIn("left out", self.reads(page))
        self.assertContains(page, '<th scope="row">our office as a whole</th>')

    def test_every_figure_opens_just_the_rows_it_counts(self) -> None:
        self.rated(world.wave(key="lost"), self.flo_person, self.roads, 2)
        FollowUp.objects.filter(partner=self.roads, owner=None).update(partner=None)
        page = self.page("/waves/low-ratings/", by=self.cora).content.decode()
        links = re.findall(r'href="(/waves/low-ratings/[?][^"]*figure=[^"]*)">(?:<b>)?\s*([0-9,]+)', page)
        self.assertGreater(len(links), 8)
        for url, number in links:
            with self.subTest(url):
                rows = self.csv(unescape(url).replace("#table-loop", "&format=csv")).strip().splitlines()
                self.assertEqual(len(rows) - 1, int(number.replace(",", "")))

    def test_a_visit_because_of_it_is_counted_and_timed_and_a_call_is_not(self) -> None:
        cy = FollowUp.objects.get(partner=self.roads)
        for follow_up, partner, how, days in (
            (self.told, self.parks, "in_person", 3),
            (cy, self.roads, "phone", 1),
        ):
            meeting = log_visit(partners=[partner], by=self.ana, held_on=self.today, how=how)
            meeting.about.add(follow_up)
            FollowUp.objects.filter(pk=follow_up.pk).update(heard_on=self.today - timedelta(days=days))
        visited = self.steps()[2]
        self.assertEqual((visited.figure, visited.count, visited.days), ("visited", 1, 3))
        self.assertEqual(
            closed_loop.rows_of(closed_loop.low_ratings(self.cora), "visited").get(),
            self.told,
        )

    def test_each_step_says_how_long_half_of_them_took(self) -> None:
        for number, days in enumerate((2, 4, 9)):
            partner = (self.parks, self.roads)[number % 2]
            person = world.person_at(self, partner, f"Visited {number}")
            raised = self.rated(world.wave(key=f"w{number}"), person, partner, 2).follow_up
            assert raised is not None
            log_visit(partners=[partner], by=self.ana, held_on=self.today, about=[raised])
            FollowUp.objects.filter(pk=raised.pk).update(heard_on=self.today - timedelta(days=days))
        page = self.reads(self.page("/waves/low-ratings/", by=self.cora))
        self.assertIn("3 visited half within 4 days", page)

    def test_by_what_was_rated_low_an_answer_counts_once_in_each_line(self) -> None:
        rows = closed_loop.low_ratings(self.cora)
        self.assertEqual(
            [(line.name, line.counts["heard"]) for line in closed_loop.by_driver(rows)], [("", 2)]
        )
        wave = world.wave(key="ease")
        participant, _raw = world.invited(wave, self.flo_person, self.roads)
        low_ratings.hear(world.answered(participant, overall=1, ease=2), participant, before={})
        lines = {
            line.name: line.counts["heard"]
            for line in closed_loop.by_driver(closed_loop.low_ratings(self.cora))
        }
        self.assertEqual(lines, {"": 3, "Ease": 1})
        self.assertEqual(closed_loop.of_driver(rows, "ease").count(), 1)

    def test_it_can_be_narrowed_to_one_wave_and_its_results_lead_there(self) -> None:
        self.rated(world.wave(key="winter", name="Winter"), self.flo_person, self.roads, 1)
        counting.refresh(self.autumn)
        page = self.reads(self.page("/waves/low-ratings/?wave=winter", by=self.cora))
        self.assertIn("1 low rating: 0 owned within a day", page)
        self.assertContains(self.page(f"/waves/{self.autumn.pk}/results/"), "/waves/low-ratings/?wave=autumn")

    def test_before_any_rating_it_says_so(self) -> None:
        FollowUp.objects.filter(kind="low_rating").update(kind="concern")
        self.assertIn("No low ratings yet.", self.reads(self.page("/waves/low-ratings/", by=self.cora)))

    def test_the_first_page_of_those_who_answer_for_the_office_has_the_figures(self) -> None:
        self.assertContains(self.page("/", by=self.cora), "Low ratings this quarter")
        self.assertNotContains(self.page("/", by=self.ana), "Low ratings this quarter")

    def test_it_costs_the_same_however_many_there_are(self) -> None:
        self.page("/waves/low-ratings/", by=self.cora)
        with self.assertQueries(QUERIES):
            self.page("/waves/low-ratings/")
        wave = world.wave(key="many")
        for number in range(20):
            self.rated(wave, world.person_at(self, self.parks, f"P {number}"), self.parks, 1)
        with self.assertQueries(QUERIES):
            self.page("/waves/low-ratings/")


QUERIES = 11
