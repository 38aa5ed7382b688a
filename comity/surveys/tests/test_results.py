"""What is read of a wave: from its tallies alone."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from comity.surveys.models import Mode, Participant, Question, Response, Tally, Wave
from comity.surveys.services import counting
from comity.surveys.services.results import breakdown, results_of
from comity.surveys.tests import world
from comity.surveys.tests.test_counting import CountingTestCase


class ReadResults(CountingTestCase):
    def count(self) -> Wave:
        counting.refresh(self.asked)
        self.asked.refresh_from_db()
        return self.asked

    def test_the_figures_of_a_question_know_whom_the_wave_asked(self) -> None:
        self.answers(self.parks, *[5] * 6, *[4] * 8, *[3] * 3, 2, 2, 1)
        for number in range(20):
            world.invited(self.asked, world.person_at(self, self.roads, f"Silent {number}"), self.roads)
        results = results_of(self.count())
        self.assertEqual((results.invited, results.reached, results.answered), (40, 40, 20))
        summary = results.by_key["overall"].summary
        assert summary is not None
        assert summary.mean_ci is not None
        assert summary.top is not None
        # docs/calculations/survey-figures.md
        self.assertAlmostEqual(summary.mean or 0, 3.8)
        self.assertAlmostEqual(summary.mean_ci.low, 3.414, places=3)
        self.assertAlmostEqual(summary.top.share or 0, 0.7)
        self.assertEqual(results.by_key["change"].n, 0)

    def test_where_the_audience_is_a_sample_intervals_are_wider(self) -> None:
        self.answers(self.parks, 5, 4, 3, 2, 1)
        Wave.objects.filter(pk=self.asked.pk).update(everyone=False)
        self.asked.refresh_from_db()
        summary = results_of(self.count()).by_key["overall"].summary
        assert summary is not None
        self.assertIsNone(summary.audience)
        self.assertIsNotNone(summary.mean_ci)

    def test_of_a_question_that_not_everyone_was_asked_the_audience_is_not_known(self) -> None:
        Question.objects.filter(key="ease").update(show_if_question="overall", show_if_values=[1])
        self.answers(self.parks, 1, 1, ease=2)
        summary = results_of(self.count()).by_key["ease"].summary
        assert summary is not None
        self.assertFalse(summary.everyone)

    def before(self, ratings: list[int], **facts: str) -> Wave:
        wave = world.wave(key="spring", version=self.asked.version, **facts)
        for number, rating in enumerate(ratings):
            person = world.person_at(self, self.parks, f"Earlier {number}")
            world.answered(world.invited(wave, person, self.parks)[0], overall=rating, ease=rating)
        counting.refresh(wave)
        return wave

    def test_a_change_is_judged_in_the_family_of_core_questions(self) -> None:
        before = self.before([2] * 20 + [4] * 10)
        self.answers(self.parks, *[4] * 22, *[2] * 8, ease=3)
        found = results_of(self.count(), against=before)
        change, other = found.by_key["overall"].change, found.by_key["ease"].change
        assert change is not None
        assert other is not None
        self.assertEqual((change.verdict, change.paired, other.verdict), ("better", False, "worse"))
        self.assertEqual(other.holm_p, 2 * (other.p or 0))
        alone = results_of(self.asked, against=before, questions=["overall"])
        self.assertEqual([one.question.key for one in alone.questions], ["overall"])
        change = alone.questions[0].change
        assert change is not None
        self.assertEqual(change.holm_p, change.p)

    def test_the_same_people_are_compared_with_themselves(self) -> None:
        before = world.wave(key="spring", version=self.asked.version)
        for response in self.answers(self.parks, *[5] * 8):
            then, _raw = world.invited(before, response.person, self.parks)
            world.answered(then, overall=2)
        counting.refresh(before)
        Wave.objects.filter(pk=self.asked.pk).update(against=before)
        self.asked.refresh_from_db()
        change = results_of(self.count()).by_key["overall"].change
        assert change is not None
        self.assertEqual((change.paired, change.n_after, change.verdict), (True, 8, "better"))

    def test_a_wave_that_keeps_names_back_shows_nothing_while_it_is_open(self) -> None:
        Wave.objects.filter(pk=self.asked.pk).update(mode=Mode.CONFIDENTIAL)
        self.asked.refresh_from_db()
        self.answers(self.parks, *[4] * 9)
        found = results_of(self.asked)
        self.assertEqual((found.invited, found.answered, found.too_few), (9, None, True))
        self.assertTrue(all(one.is_hidden and one.n is None for one in found.questions))

    def test_a_breakdown_has_every_group_also_those_nobody_answered_from(self) -> None:
        self.answers(self.parks, 5, 4)
        world.invited(self.asked, self.cy_person, self.roads)
        wave = self.count()
        question = wave.version.questions.get(key="overall")
        found = {one.group: one for one in breakdown(wave, question, Tally.Table.PARTNER)}
        self.assertEqual(found[str(self.parks.pk)].n, 2)
        roads = found[str(self.roads.pk)]
        self.assertEqual((roads.n, roads.answered, roads.invited, roads.is_hidden), (0, 0, 1, False))
        some = breakdown(wave, question, Tally.Table.PARTNER, groups=[str(self.roads.pk)])
        self.assertEqual([one.group for one in some], [str(self.roads.pk)])

    def queries(self, wave: Wave) -> int:
        wave = Wave.objects.get(pk=wave.pk)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            results_of(wave)
        return len(captured)

    def test_it_reads_no_single_answer_and_takes_no_more_queries_with_more_of_them(self) -> None:
        before = self.before([3] * 5)
        Wave.objects.filter(pk=self.asked.pk).update(against=before)
        self.answers(self.parks, 5)
        few = self.queries(self.count())
        self.answers(self.roads, *[4] * 30)
        self.assertEqual(self.queries(self.count()), few)
        self.assertLessEqual(few, 6)
        Response.objects.all().delete()
        Participant.objects.filter(wave=self.asked).delete()
        self.assertEqual(results_of(Wave.objects.get(pk=self.asked.pk)).by_key["overall"].n, 31)
