"""Counting answers."""

from __future__ import annotations

from statistics import fmean, variance
from unittest import TestCase

from hypothesis import given

from comity.core.surveys.scales import RATING, RECOMMENDATION, YES_NO, choice_scale
from comity.core.surveys.tallies import PairTally, Tally
from comity.core.surveys.tests.strategies import rating_pairs, ratings, spread_out, tallies


class Counting(TestCase):
    """How often each value was given."""

    def test_dont_know_and_left_out_are_counted_apart(self) -> None:
        tally = Tally(RATING, (0, 0, 0, 1, 2), na=1, skipped=2)
        self.assertEqual((tally.n, tally.na, tally.skipped), (3, 1, 2))
        self.assertEqual(
            Tally.of_counts(RATING, {5: 2, 4: 1}), Tally(RATING, (0, 0, 0, 1, 2), na=0, skipped=0)
        )

    @given(tallies)
    def test_mean_and_variance_are_those_of_the_single_answers(self, tally: Tally) -> None:
        single = spread_out(tally)
        if not single:
            self.assertIsNone(tally.mean)
        if len(single) < 2:
            self.assertIsNone(tally.variance)
            return
        assert tally.mean is not None
        assert tally.variance is not None
        self.assertAlmostEqual(tally.mean, fmean(single))
        self.assertAlmostEqual(tally.variance, variance(single))

    @given(ratings, ratings)
    def test_two_groups_together_are_the_sum_of_both(self, one: Tally, other: Tally) -> None:
        both = one + other
        self.assertEqual(
            (both.n, both.na, both.top_n), (one.n + other.n, one.na + other.na, one.top_n + other.top_n)
        )

    def test_a_yes_has_no_mean(self) -> None:
        self.assertIsNone(Tally(YES_NO, (3, 4)).mean)

    def test_several_choices_count_people_and_not_ticks(self) -> None:
        tally = Tally(choice_scale(3, several=True), (4, 3, 0), people=5)
        self.assertEqual(tally.n, 5)

    def test_what_cannot_be_counted_is_refused(self) -> None:
        for counts, na, skipped in [((1, 2, 3, -1, 0), 0, 0), ((0,) * 5, -1, 0), ((0,) * 5, 0, -1)]:
            with self.assertRaisesRegex(ValueError, "^Nothing is counted below zero"):
                Tally(RATING, counts, na, skipped)
        with self.assertRaisesRegex(ValueError, "^3 counts for 5 values"):
            Tally(RATING, (1, 2, 3))
        with self.assertRaisesRegex(ValueError, r"^Not on the scale: \[0, 6\]"):
            Tally.of_counts(RATING, {6: 1, 0: 1})
        with self.assertRaisesRegex(ValueError, "^Answers on two scales"):
            Tally(RATING, (0, 0, 0, 0, 1)) + Tally(RECOMMENDATION, (0,) * 11)

    def test_people_with_several_choices_are_as_many_as_can_have_given_them(self) -> None:
        several = choice_scale(3, several=True)
        for people in (4, 7):
            self.assertEqual(Tally(several, (4, 3, 0), people=people).n, people)
        for people in (3, 8):
            with self.assertRaisesRegex(ValueError, "^As many people as the most frequent choice"):
                Tally(several, (4, 3, 0), people=people)
        for scale, number in ((several, None), (RATING, 3)):
            with self.assertRaisesRegex(
                ValueError, "^The number of people belongs to a scale of several choices"
            ):
                Tally(scale, (1,) * len(scale.values), people=number)

    def test_two_groups_with_several_choices_are_counted_by_people(self) -> None:
        several = choice_scale(3, several=True)
        both = Tally(several, (4, 3, 0), 1, 2, people=5) + Tally(several, (1, 0, 1), 3, 4, people=2)
        self.assertEqual(both, Tally(several, (5, 3, 1), 4, 6, people=7))


class Pairs(TestCase):
    """One person's two answers."""

    def test_the_sides_and_the_differences(self) -> None:
        pairs = PairTally(RATING, {(2, 4): 2, (3, 3): 1, (5, 4): 1})
        self.assertEqual(pairs.before.counts, (0, 2, 1, 0, 1))
        self.assertEqual(pairs.after.counts, (0, 0, 1, 3, 0))
        self.assertEqual(pairs.differences(), {2: 2, 0: 1, -1: 1})

    @given(rating_pairs)
    def test_both_sides_hold_everybody(self, pairs: PairTally) -> None:
        self.assertEqual((pairs.before.n, pairs.after.n, pairs.differences().total()), (pairs.n,) * 3)

    def test_a_pair_off_the_scale_is_refused(self) -> None:
        for pair, count in [((0, 5), 1), ((5, 6), 1), ((1, 5), -1)]:
            with self.assertRaisesRegex(ValueError, "^Not a pair of answers on this scale"):
                PairTally(RATING, {pair: count})
        self.assertEqual(PairTally(RATING, {(1, 5): 0}).n, 0)
