"""A number is a link: behind each figure of a named wave stand just the answers it counted."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from comity.partners.duplicates.services import PARTNERS, merge
from comity.surveys.models import Mode, Participant, Question, Response, Wave
from comity.surveys.services import answer_filters, counting
from comity.surveys.services.counting.refreshing import counted
from comity.surveys.tests import world
from comity.surveys.tests.test_results_pages import ResultsTestCase

KIND = Question.Kind


class BehindTestCase(ResultsTestCase):
    """Questions of every kind; one comes up only after another, and keys that look like something else."""

    def setUp(self) -> None:
        super().setUp()
        choices = [{"key": "mail", "en": "By mail"}, {"key": "e-mail", "en": "By e-mail"}]
        questions: list[dict[str, Any]] = [
            {"key": "quick", "kind": KIND.YES_NO},
            {"key": "why", "kind": KIND.RATING, "show_if_question": "quick", "show_if_values": [False]},
            {"key": "how", "kind": KIND.MANY, "choices": choices},
            {"key": "7", "kind": KIND.ONE, "choices": [*choices, {"key": "na", "en": "Never"}]},
            {"key": "contains", "kind": KIND.EFFORT, "show_if_question": "how", "show_if_values": ["mail"]},
        ]
        for order, facts in enumerate(questions, start=10):
            Question.objects.create(
                version=self.asked.version, order=order, ask_en=f"Question {facts['key']}", **facts
            )
        some: list[dict[str, Any]] = [
            {"ease": 2, "quick": True, "why": 1, "how": ["mail"], "7": "mail", "contains": 7},
            {"ease": "na", "quick": False, "why": 2, "how": ["mail", "e-mail"], "recommend": 3},
            {"ease": 4, "quick": False, "how": ["e-mail"], "7": "na", "contains": 2, "recommend": 10},
            {"quick": "na", "how": [], "7": "e-mail", "recommend": 7, "change": "More"},
            {"recommend": 9, "quick": None, "how": "na"},
        ]
        for number, more in enumerate(some * 2):
            self.answers((self.parks, self.roads, self.roads)[number % 3], 1 + number % 5, **more)
        assert self.asked.opened_at is not None
        self.days = [self.asked.opened_at.date() + timedelta(days=days) for days in (1, 5)]
        for place, pk in enumerate(Response.objects.filter(wave=self.asked).values_list("pk", flat=True)):
            Response.objects.filter(pk=pk).update(day=self.days[place % 2])
        small = Participant.objects.filter(wave=self.asked, partner=self.roads)
        small.update(kind="board", tier="", size="small")
        rested, _raw = world.invited(self.asked, self.flo_person, self.roads)
        bounced, _raw = world.invited(self.asked, self.cy_person, self.trails)
        Participant.objects.filter(pk=rested.pk).update(state=Participant.State.RESTING)
        Participant.objects.filter(pk=bounced.pk).update(state=Participant.State.BOUNCED)
        self.count()

    def found(self, url: str) -> int:
        """How many rows an address has."""
        return len(self.csv(f"{unescape(url)}{'&' if '?' in url else '?'}format=csv"))

    def links(self, url: str) -> list[tuple[str, str]]:
        """The links of a page to answers or people that were narrowed down, each with its words."""
        text = self.page(url, by=self.ana).content.decode()
        return re.findall(
            rf'<a href="(/waves/{self.asked.pk}/(?:responses|people)/[?][^"]*)">\s*([^<]+?)\s*</a>', text
        )


class BehindFigures(BehindTestCase):
    def assert_each_opens_what_it_counted(self, url: str) -> int:
        """Shares are of those who answered the question, which stand behind the question alone."""
        links = [(at, words) for at, words in self.links(url) if "format=csv" not in at]
        for at, words in links:
            with self.subTest(at, words=words):
                count, share = self.found(at), re.search(r"([0-9]+)%", words)
                # "1,033 answered", "4 of 10", and of a picture "5: 2": a percentage is said from a size on.
                plain = re.fullmatch(r"(?:[^:]*: )?([0-9,]+)(?: of ([0-9,]+))?(?: answered)?", words)
                if plain:
                    self.assertEqual(count, int(plain[1].replace(",", "")))
                if share or (plain and plain[2]):
                    whole = self.found(re.sub(r"(answer=[^&]*?)%3A[^&]*", r"\1", at))
                    said = int(share[1]) if share else int(plain[2].replace(",", "")) if plain else 0
                    self.assertEqual(said, int(100 * count / whole + 0.5) if share else whole)
                self.assertTrue(share or plain)
        return len(links)

    def test_every_figure_of_the_results_opens_just_the_answers_it_counted(self) -> None:
        self.assertGreater(self.assert_each_opens_what_it_counted(self.url()), 40)

    def test_early_and_late_answers_are_those_of_their_days(self) -> None:
        first, last = self.days
        links = [at for at, _words in self.links(self.url()) if "day_" in at]
        self.assertEqual(
            {at.partition("day_")[2] for at in links}, {f"to={last - timedelta(days=1)}", f"from={last}"}
        )
        early = Response.objects.filter(wave=self.asked, day=first).count()
        shown = self.found(f"{reverse('surveys:responses', args=[self.asked.pk])}?day_to={first}")
        self.assertEqual(shown, early)

    def test_behind_three_ways_of_counting_stands_what_each_partner_said(self) -> None:
        page = self.page(self.url(), by=self.ana)
        self.assertContains(page, f"{self.url('breakdown', 'partner')}?question=overall")

    @pytest.mark.slow
    def test_every_figure_of_every_breakdown_opens_just_the_answers_it_counted(self) -> None:
        for table in ("kind", "tier", "size", "partner"):
            for question in ("overall", "ease", "recommend", "quick", "why", "how", "7", "contains"):
                url = self.url("breakdown", table, question=question)
                self.assertGreater(self.assert_each_opens_what_it_counted(url), 3, url)
                self.assertNotContains(self.page(url, by=self.ana), "filter was ignored")

    def test_after_two_bodies_became_one_each_figure_still_opens_what_was_counted(self) -> None:
        merge(PARTNERS, survivor_id=self.parks.pk, tombstone_id=self.roads.pk, theirs={}, by=self.ada)
        merge(PARTNERS, survivor_id=self.trails.pk, tombstone_id=self.parks.pk, theirs={}, by=self.ada)
        for question in ("overall", "ease"):
            self.assert_each_opens_what_it_counted(self.url("breakdown", "partner", question=question))
        url = reverse("surveys:responses", args=[self.asked.pk])
        self.assertEqual([self.found(f"{url}?partner={one.pk}") for one in (self.roads, self.parks)], [6, 4])

    def test_what_keeps_names_back_ends_with_its_smallest_table(self) -> None:
        self.closed(Mode.CONFIDENTIAL)
        for user in (self.ana, self.cora):
            for url in (self.url(), *(self.url("breakdown", table) for table in ("kind", "tier", "partner"))):
                page = self.page(url, by=user)
                for rows in ("responses", "wave_people"):
                    self.assertNotContains(page, reverse(f"surveys:{rows}", args=[self.asked.pk]))


class PickAnswers(BehindTestCase):
    def test_every_answer_there_is_finds_as_many_as_were_counted(self) -> None:
        questions = list(self.asked.version.questions.all())
        for question in questions:
            row = self.row(question.key)
            for name, count in {"na": row.na, "skipped": row.skipped, "": row.n, **row.counts}.items():
                with self.subTest(question.key, answer=name):
                    wanted = answer_filters.picked(question, name)
                    rows = answer_filters.answering(
                        Response.objects.filter(wave=self.asked), questions, wanted
                    )
                    self.assertEqual(rows.count(), count)

    def test_answers_are_offered_under_their_question_and_the_chosen_one_stays(self) -> None:
        url = reverse("surveys:responses", args=[self.asked.pk])
        page = self.page(f"{url}?answer=how%3Amail", by=self.ana)
        self.assertContains(page, '<optgroup label="Question how">')
        self.assertContains(page, '<option value="how:mail" selected>By mail</option>', html=True)
        self.assertContains(page, '<option value="ease:na">Don’t know</option>', html=True)

    def test_the_list_says_what_each_answered_to_the_question_it_is_narrowed_by(self) -> None:
        url = reverse("surveys:responses", args=[self.asked.pk])
        page = self.reads(self.page(f"{url}?answer=how%3Amail", by=self.ana))
        self.assertIn("By mail, By e-mail", page)
        self.assertNotIn("By mail, By e-mail", self.reads(self.page(url)))
        lines = self.csv(f"{url}?answer=how%3Amail&format=csv")
        self.assertNotIn("picked", lines[0])
        for answer in ("how%3Askipped", "change", "ease%3Ana", "quick%3A0"):
            self.page(f"{url}?answer={answer}")

    def test_an_answer_nobody_offers_is_left_out_and_said(self) -> None:
        url = reverse("surveys:responses", args=[self.asked.pk])
        for wanted in ("ease:9", "nothing:1", "ease:"):
            self.assertContains(
                self.page(f"{url}?answer={wanted}", by=self.ana), "so that filter was ignored"
            )

    def test_groups_are_those_bodies_were_in_when_they_were_asked(self) -> None:
        type(self.roads).objects.filter(pk=self.roads.pk).update(kind="court", tier=self.tier)
        url = reverse("surveys:responses", args=[self.asked.pk])
        self.assertEqual(self.found(f"{url}?kind=board&tier=none&size=small"), 6)
        self.assertEqual(self.found(f"{url}?kind=agency"), 4)
        self.assertEqual(self.found(f"{url}?kind=court"), 0)
        people = reverse("surveys:wave_people", args=[self.asked.pk])
        self.assertEqual(self.found(f"{people}?kind=board&tier=none&size=small"), 6)

    def test_imported_responses_are_narrowed_by_what_was_said_and_by_no_group(self) -> None:
        wave = world.wave(state=Wave.State.CLOSED, imported=True, key="paper")
        for rating in (2, 2, 5):
            Response.objects.create(
                wave=wave, partner=self.parks, answers={"overall": rating}, is_complete=True, day=self.today
            )
        counting.write(wave, counted(wave)[0])
        self.asked = wave
        self.assertEqual(self.found(reverse("surveys:responses", args=[wave.pk]) + "?answer=overall:2"), 2)
        self.assertNotContains(self.page(reverse("surveys:responses", args=[wave.pk])), 'name="size"')
        self.assertEqual(self.links(self.url("breakdown", "kind")), [])
        links = self.links(self.url("breakdown", "partner"))
        self.assertEqual([self.found(at) for at, _words in links][:2], [3, 3])
