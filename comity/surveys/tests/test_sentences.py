"""Sentences follow their values: what they say of few people, of drivers, of what is not counted yet, and of satisfaction."""

from __future__ import annotations

from random import Random
from unittest import TestCase

from django.urls import reverse
from django.utils import timezone

from comity.core.surveys import RATING, Change, change_between, summarise
from comity.core.surveys import Tally as Answers
from comity.core.surveys.drivers import Driver, Drivers, Point
from comity.core.surveys.figures import Interval
from comity.surveys.models import Question, Tally, Wave
from comity.surveys.services import response_status
from comity.surveys.services.results import results_of
from comity.surveys.tests import world
from comity.surveys.tests.test_results_pages import ResultsTestCase
from comity.surveys.views.results import sections, sentences
from comity.surveys.views.waves.one import heading


class OfDrivers(TestCase):
    """What matters is what clearly does."""

    def said(self, *matter: tuple[str, bool]) -> str:
        ranked = [
            (name, Point(name, 0.5, 0.5, "mend_first" if bad else "keep_up", matters=True))
            for name, bad in matter
        ]
        return sentences.about_importance([*ranked, ("Rest", Point("rest", 0.2, 0.2, "mend_first"))])

    def test_nothing_is_said_to_matter_that_may_do_so_by_chance(self) -> None:
        self.assertEqual(self.said(), "No driver clearly matters more than the others.")

    def test_what_matters_and_is_below_average_is_to_be_fixed_first(self) -> None:
        self.assertEqual(
            self.said(("Ease", True), ("Trust", False)),
            "Fix first: “Ease”. It matters, and answers to it are below average.",
        )
        self.assertEqual(
            self.said(("Ease", True), ("Trust", True)),
            "Fix first: “Ease”, “Trust”. They matter, and answers to them are below average.",
        )

    def test_what_matters_and_is_good_is_said_so(self) -> None:
        self.assertEqual(
            self.said(("Ease", False)), "“Ease” matters most, and answers to it are not below average."
        )
        self.assertEqual(
            self.said(("Ease", False), ("Trust", False)),
            "“Ease”, “Trust” matter most, and answers to them are not below average.",
        )

    def test_drivers_hang_together_only_where_alpha_says_so(self) -> None:
        self.assertIn("13 questions about drivers hang together", sections._alpha_words(0.7, 13, 80))
        apart = sections._alpha_words(0.69, 13, 80)
        self.assertIn("do not measure one thing, so read each by itself: Cronbach’s alpha 0.69", apart)

    def test_the_error_of_drawn_orders_is_said_in_whole_points(self) -> None:
        drivers = (Driver("a", 60, 0.5, 1.0, Interval(0.9, 1)),)
        drawn = sections.explained(Drivers(60, True, 0.3, drivers, 0.01, 0.0041))
        self.assertIn("4,000 of the orders", drawn)
        self.assertTrue(drawn.endswith("within 1 point."))
        self.assertNotIn("4,000", sections.explained(Drivers(60, True, 0.3, drivers, 0.01)))


class OfFew(TestCase):
    def test_a_percentage_is_said_from_twenty_people_and_five_answers_on(self) -> None:
        said = [sentences.part_of(*pair) for pair in ((14, 19), (14, 20), (4, 76), (5, 76), (0, 76))]
        self.assertEqual(said, ["14 of 19", "70%", "4 of 76", "7%", "0 of 76"])

    def test_some_are_not_none_and_not_quite_all_are_not_all(self) -> None:
        said = [sentences.part_of(*pair) for pair in ((5, 2_000), (1_999, 2_000), (2_000, 2_000))]
        self.assertEqual(said, ["5 of 2,000", "1,999 of 2,000", "100%"])

    def test_a_change_is_said_in_the_same_way_then_and_now(self) -> None:
        before, after = Answers(RATING, (10, 0, 0, 0, 0)), Answers(RATING, (0, 0, 0, 0, 10))
        change = change_between(before, after)
        self.assertEqual(change.verdict, "better")
        self.assertEqual(
            sentences.change_since(change, 1.0, "Spring"), "up from 0 of 10, a change too large for chance"
        )
        same = change_between(before, before)
        self.assertEqual(sentences.change_since(same, 0.0, "Spring"), "no clear change since Spring")
        nothing: Change | None = None
        self.assertEqual(sentences.change_since(nothing, 1.0, "Spring"), "")


class OnPages(ResultsTestCase):
    def test_one_of_seventy_six_has_answered(self) -> None:
        standing = response_status.Standing(76, 76, "1", 1, None, {})
        self.assertEqual(heading(self.asked, standing), "“Autumn”: 1 of 76 who were reached has answered.")
        self.answers(self.parks, 5)
        self.count()
        words = self.reads(self.page(self.url(), by=self.ana))
        self.assertIn("1 of 1 has answered; 1 of 1 is satisfied.", words)

    def test_what_came_in_since_is_said_and_not_counted(self) -> None:
        self.answers(self.parks, 5, 4)
        self.count()
        self.answers(self.roads, 1)
        for url in (self.url(), self.asked.get_absolute_url()):
            with self.subTest(url):
                words = self.reads(self.page(url, by=self.ana))
                self.assertIn("1 more has come in and is not counted yet", words)
        self.count()
        self.assertNotIn("not counted yet", self.reads(self.page(self.url(), by=self.ana)))

    def test_each_scale_has_a_picture_of_its_own(self) -> None:
        self.answers(self.parks, 5, 4, 3, ease=2, recommend=9)
        self.count()
        results = results_of(self.asked)
        charts = sections.answers(results.questions, self.asked)
        notes = [chart.note for chart in charts]
        self.assertEqual(len(charts), 2)
        self.assertIn("(4 and 5 of 5)", notes[0])
        self.assertIn("(9 and 10 of 10)", notes[1])
        for chart in charts:
            assert chart.table is not None
            shown = [row[0] for row in chart.table.rows]
            others = {one.question.ask_en for one in results.questions} - set(shown)
            self.assertFalse(
                [ask for ask in others if ask in chart.title], "it speaks of what it does not show"
            )

    def test_a_picture_of_few_answers_counts_them(self) -> None:
        few = sections.parts_of(RATING, summarise(Answers(RATING, (0, 0, 1, 6, 1))).distribution)
        self.assertEqual([part.figure for part in few], ["0", "0", "1", "6", "1"])
        many = sections.parts_of(RATING, summarise(Answers(RATING, (1, 0, 100, 299, 0))).distribution)
        self.assertEqual([part.figure for part in many], ["<1%", "0%", "25%", "75%", "0%"])

    def test_a_picture_of_percentages_ends_at_a_hundred(self) -> None:
        self.before(5, 4, 2)
        self.answers(self.parks, 5, 3)
        self.count()
        page = self.page(self.url(), by=self.ana).content.decode()
        plot = page[page.index('class="plot') :]
        self.assertIn(">100</text>", plot)
        self.assertNotIn(">120</text>", plot)

    def test_results_open_with_the_picture(self) -> None:
        self.answers(self.parks, 5, 4, 3)
        self.count()
        page = self.page(self.url(), by=self.ana).content.decode()
        self.assertLess(page.index("chart-rows"), page.index("results-grid"))

    def test_thirteen_drivers_are_all_counted(self) -> None:
        version = self.asked.version
        for order in range(12):
            Question.objects.create(
                version=version,
                order=10 + order,
                key=f"d{order}",
                kind=Question.Kind.RATING,
                ask_en=f"Driver {order}?",
                driver=f"driver-{order}",
            )
        chance = Random(3)
        for number in range(60):
            person = world.person_at(self, self.parks, f"Number {number}")
            answers = {f"d{order}": chance.randint(1, 5) for order in range(11)}
            rating = 1 + number % 5
            participant = world.invited(self.asked, person, self.parks)[0]
            world.answered(participant, overall=rating, ease=chance.randint(1, 5), d11=rating, **answers)
        self.asked = Wave.objects.get(pk=self.asked.pk)
        self.count()
        results = results_of(self.asked)
        assert results.drivers is not None
        assert results.alpha is not None
        self.assertEqual((len(results.drivers.drivers), results.alpha.items), (13, 13))
        strongest = max(results.drivers.drivers, key=lambda one: one.importance or 0)
        self.assertEqual(strongest.key, "d11")
        assert strongest.ci is not None
        words = self.reads(self.page(self.url(), by=self.ana))
        self.assertIn("“Driver 11”", words)
        self.assertIn("4,000 of the orders", words)


class OfSatisfaction(ResultsTestCase):
    """What a survey says reaches the pages people look at."""

    def shown(self, url: str) -> str:
        return self.reads(self.page(url, by=self.cora))

    def test_on_overview_and_on_the_first_page_of_who_answers_for_the_whole(self) -> None:
        self.before(*[2] * 20)
        self.answers(self.parks, *[5] * 20)
        self.closed("named")
        for url in (reverse("overview"), "/"):
            with self.subTest(url):
                words = self.shown(url)
                self.assertIn("100% are satisfied, up from 0 of 20, a change too large for chance.", words)
                self.assertIn("Autumn · 20 answers: everyone who was asked.", words)
        self.assertNotIn("are satisfied", self.reads(self.page("/", by=self.ana)))

    def test_what_is_renamed_or_counted_anew_is_worked_out_anew(self) -> None:
        self.answers(self.parks, *[5] * 20)
        self.closed("named")
        self.assertIn("Autumn · 20 answers", self.shown("/"))
        Wave.objects.filter(pk=self.asked.pk).update(name="Fall")
        self.assertIn("Fall · 20 answers", self.shown("/"))
        Tally.objects.filter(wave=self.asked).delete()
        self.assertIn("Fall · 20 answers", self.shown("/"))
        Wave.objects.filter(pk=self.asked.pk).update(figures_at=timezone.now())
        self.assertNotIn("20 answers", self.shown("/"))

    def test_open_waves_say_how_far_they_are(self) -> None:
        self.answers(self.parks, 5)
        self.assertIn("“Autumn”: 1 of 1 who were reached has answered.", self.shown("/"))
        self.assertNotIn("See all open waves", self.shown("/"))

    def test_of_many_open_waves_the_first_five_stand_there_and_lead_to_the_rest(self) -> None:
        for number in range(6):
            world.wave(key=f"pulse-{number}", name=f"Pulse {number}", version=self.asked.version)
        words = self.shown("/")
        self.assertEqual(words.count("0 of 0 who were reached"), 5)
        self.assertContains(self.page("/"), f"{reverse('surveys:waves')}?state=open")

    def test_on_the_partners_page_with_its_own_figure(self) -> None:
        self.answers(self.parks, 5, 4, 2)
        self.answers(self.roads, 1)
        self.closed("named")
        words = self.shown(reverse("partner", args=[self.parks.pk]))
        self.assertIn("2 of 3 are satisfied.", words)
        self.assertIn("3 answers", words)

    def test_what_is_hidden_is_not_on_the_partners_page_either(self) -> None:
        self.answers(self.parks, 5, 4, 2)
        self.answers(self.roads, 1, 2, 3, 4, 5, 5)
        self.closed("confidential")
        self.assertNotIn("satisfied", self.shown(reverse("partner", args=[self.parks.pk])))
