"""The figures of one question: the example of docs/calculations/survey-figures.md, laws, and proof against libraries."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from unittest import TestCase

from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from comity.core.surveys.figures import (
    Interval,
    Score,
    Share,
    Summary,
    effective_n,
    share_of,
    summarise,
    wilson,
)
from comity.core.surveys.scales import EFFORT, RATING, RECOMMENDATION, YES_NO, choice_scale
from comity.core.surveys.tallies import Tally
from comity.core.surveys.tests.strategies import spread_out, tallies

# Six 5s, eight 4s, three 3s, two 2s, one 1; two don't know, one left it; forty were asked.
EXAMPLE = Tally(RATING, (1, 2, 3, 8, 6), na=2, skipped=1)
audiences = st.none() | st.integers(0, 500)


def some(interval: Interval | None) -> Interval:
    assert interval is not None
    return interval


def summary(tally: Tally, more: int | None) -> Summary:
    return summarise(tally, None if more is None else tally.n + tally.na + more)


class WorkedByHand(TestCase):
    """The numbers of the page."""

    def test_counts_mean_and_spread(self) -> None:
        found = summarise(EXAMPLE, audience=40)
        self.assertEqual((found.n, found.na, found.skipped, found.everyone), (20, 2, 1, False))
        self.assertEqual([bar.count for bar in found.distribution], [1, 2, 3, 8, 6])
        self.assertEqual(found.mean, 3.8)
        assert found.sd is not None
        self.assertAlmostEqual(found.sd, 1.1517, 4)
        self.assertAlmostEqual(some(found.mean_ci).low, 3.414, 3)
        self.assertAlmostEqual(some(found.mean_ci).high, 4.186, 3)
        self.assertEqual((found.audience, found.score), (40, None))

    def test_the_good_share(self) -> None:
        top = summarise(EXAMPLE, audience=40).top
        assert top is not None
        self.assertEqual((top.count, top.n, top.share), (14, 20, 0.7))
        self.assertEqual(effective_n(20, 40), 39)
        self.assertAlmostEqual(some(top.ci).low, 0.5437, 4)
        self.assertAlmostEqual(some(top.ci).high, 0.8205, 4)

    def test_the_recommendation_score(self) -> None:
        tally = Tally.of_counts(RECOMMENDATION, {10: 2, 9: 3, 8: 1, 7: 2, 6: 1, 0: 1})
        score = summarise(tally, audience=40).score
        assert score is not None
        self.assertEqual((score.promoters, score.detractors, score.n, score.value), (5, 2, 10, 30))
        self.assertAlmostEqual(some(score.ci).low, -12.46, 2)
        self.assertAlmostEqual(some(score.ci).high, 72.46, 2)

    def test_the_effort(self) -> None:
        found = summarise(Tally(EFFORT, (0, 1, 0, 1, 2, 4, 2)))
        assert found.top is not None
        self.assertEqual((found.mean, found.top.share), (5.4, 0.8))


class NotDefined(TestCase):
    """Where a figure would claim what nobody knows."""

    def test_nobody_answered(self) -> None:
        self.assertFalse(summarise(Tally(RATING, (0,) * 5), audience=0).everyone)
        self.assertEqual(summarise(Tally(RECOMMENDATION, (0,) * 11)).score, Score(0, 0, 0, None, None))
        found = summarise(Tally(RATING, (0,) * 5, na=3), audience=9)
        self.assertEqual(
            (found.n, found.mean, found.mean_ci, found.sd, found.everyone), (0, None, None, None, False)
        )
        assert found.top is not None
        self.assertEqual((found.top.share, found.top.ci), (None, None))

    def test_one_answer_has_a_mean_and_no_spread(self) -> None:
        found = summarise(Tally(RATING, (0, 0, 0, 1, 0)))
        self.assertEqual((found.mean, found.sd, found.mean_ci), (4, None, None))

    def test_answers_all_alike_have_no_interval_of_the_mean(self) -> None:
        found = summarise(Tally(RATING, (0, 0, 0, 0, 4)))
        self.assertEqual((found.mean, found.sd, found.mean_ci), (5, 0, None))
        assert found.top is not None
        self.assertLess(some(found.top.ci).low, 0.6)

    def test_everyone_answered_is_a_fact_without_interval(self) -> None:
        for tally in (Tally(RATING, (1, 0, 0, 4, 4)), Tally(RATING, (1, 0, 0, 4, 3), na=1)):
            found = summarise(tally, audience=9)
            self.assertTrue(found.everyone)
            assert found.top is not None
            self.assertEqual((found.mean_ci, found.top.ci), (None, None))
        self.assertTrue(summarise(Tally(RATING, (0, 0, 0, 1, 0)), audience=1).everyone)
        tally = Tally(RECOMMENDATION, (0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 3), na=1)
        self.assertEqual(summarise(tally, audience=6).score, Score(3, 1, 5, 40, None))
        self.assertEqual((effective_n(5, 5), share_of(3, 5, 5)), (None, Share(3, 5, 0.6, None)))
        self.assertEqual(share_of(3, 5).ci, wilson(0.6, 5))

    def test_a_camp_in_which_all_stand_has_a_score_and_no_interval(self) -> None:
        for counts, score in [
            ({9: 2, 10: 1}, Score(3, 0, 3, 100, None)),
            ({7: 2, 8: 2}, Score(0, 0, 4, 0, None)),
            ({0: 1, 6: 1}, Score(0, 2, 2, -100, None)),
        ]:
            self.assertEqual(summarise(Tally.of_counts(RECOMMENDATION, counts)).score, score)
        two_camps = summarise(Tally.of_counts(RECOMMENDATION, {10: 2, 0: 2})).score
        assert two_camps is not None
        self.assertAlmostEqual(some(two_camps.ci).high, 98, 1)

    def test_choices_have_shares_only(self) -> None:
        found = summarise(Tally(choice_scale(3, several=True), (4, 3, 0), people=5))
        self.assertEqual((found.mean, found.top, found.score), (None, None, None))
        self.assertEqual([bar.share for bar in found.distribution], [0.8, 0.6, 0])

    def test_more_answers_than_people_are_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "^22 of 21 people cannot have answered"):
            summarise(EXAMPLE, audience=21)


class Laws(TestCase):
    """What holds for any answers."""

    @given(tallies, audiences)
    def test_each_figure_lies_in_its_interval(self, tally: Tally, more: int | None) -> None:
        found = summary(tally, more)
        for value, interval in [
            (found.mean, found.mean_ci),
            *((share.share, share.ci) for share in (*found.distribution, found.top) if share),
            *([(found.score.value, found.score.ci)] if found.score else []),
        ]:
            if value is not None and interval is not None:
                self.assertLessEqual(interval.low, value + 1e-12)
                self.assertGreaterEqual(interval.high, value - 1e-12)

    @given(tallies, st.integers(1, 500), st.integers(1, 500))
    def test_a_smaller_audience_narrows_every_interval(self, tally: Tally, few: int, more: int) -> None:
        assume(tally.variance)
        narrow, wide, widest = summary(tally, few), summary(tally, few + more), summary(tally, None)
        for one, other in ((narrow, wide), (wide, widest)):
            self.assertLessEqual(width(one.mean_ci), width(other.mean_ci) + 1e-12)
            assert one.top
            assert other.top
            self.assertLessEqual(width(one.top.ci), width(other.top.ci) + 1e-12)

    @given(tallies)
    def test_shares_add_up_to_one(self, tally: Tally) -> None:
        assume(tally.n)
        shares = [bar.share for bar in summarise(tally).distribution]
        self.assertAlmostEqual(sum(share for share in shares if share is not None), 1)

    @given(st.floats(0, 1), st.floats(1, 1e6))
    def test_a_share_and_its_rest_mirror_each_other(self, share: float, n: float) -> None:
        one, rest = some(wilson(share, n)), some(wilson(1 - share, n))
        self.assertAlmostEqual(one.low, 1 - rest.high)
        self.assertTrue(0 <= one.low <= one.high <= 1)

    def test_no_rounding_takes_a_share_past_all_or_below_nobody(self) -> None:
        for n in range(1, 100):
            self.assertLessEqual(some(wilson(1, n)).high, 1)
            self.assertGreaterEqual(some(wilson(0, n)).low, 0)

    def test_fifty_thousand_answers_cost_what_five_do(self) -> None:
        many = summarise(Tally(RATING, (2_000, 3_000, 10_000, 20_000, 15_000)), audience=60_000)
        self.assertEqual(many.mean, 3.86)


class Proof(TestCase):
    """Against scipy and statsmodels."""

    @given(tallies)
    def test_the_mean_against_scipy(self, tally: Tally) -> None:
        assume(tally.variance)
        single = spread_out(tally)
        low, high = stats.t.interval(0.95, len(single) - 1, loc=tally.mean, scale=stats.sem(single))
        found = some(summarise(tally).mean_ci)
        self.assertAlmostEqual(found.low, low)
        self.assertAlmostEqual(found.high, high)

    @given(tallies, st.none() | st.integers(1, 500))
    def test_the_good_share_against_statsmodels(self, tally: Tally, more: int | None) -> None:
        assume(tally.n)
        found = summary(tally, more)
        n = effective_n(tally.n, found.audience)
        assert n is not None
        assert found.top is not None
        low, high = proportion_confint(n * tally.top_n / tally.n, n, method="wilson")
        self.assertAlmostEqual(some(found.top.ci).low, low)
        self.assertAlmostEqual(some(found.top.ci).high, high)

    @given(st.lists(st.integers(0, 10), min_size=3, max_size=80))
    def test_the_score_against_the_mean_of_three_camps(self, answers: list[int]) -> None:
        camps = [1 if value >= 9 else -1 if value <= 6 else 0 for value in answers]
        assume(len(set(camps)) > 1)
        score = summarise(Tally.of_counts(RECOMMENDATION, Counter(answers))).score
        assert score is not None
        assert score.value is not None
        self.assertAlmostEqual(score.value, 100 * float(stats.tmean(camps)))
        spread = 100 * sqrt(float(stats.moment(camps, order=2)) / len(camps))
        self.assertAlmostEqual(some(score.ci).high - score.value, float(stats.norm.ppf(0.975)) * spread)


class YesNo(TestCase):
    def test_a_yes_is_the_good_answer(self) -> None:
        found = summarise(Tally(YES_NO, (3, 9)))
        assert found.top is not None
        self.assertEqual(found.top.share, 0.75)


def width(interval: Interval | None) -> float:
    return 0.0 if interval is None else interval.high - interval.low
