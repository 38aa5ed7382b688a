"""What changed: the examples of docs/calculations/survey-change.md, laws, and proof against scipy and statsmodels."""

from __future__ import annotations

from dataclasses import replace
from unittest import TestCase
from unittest.mock import patch

from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW, ttest_ind

from comity.core.surveys.change import (
    Change,
    change_between,
    change_within,
    judged_together,
    measured_effect,
    verdict_of,
)
from comity.core.surveys.distributions import fisher_p, sign_p
from comity.core.surveys.figures import Interval
from comity.core.surveys.scales import RATING, RECOMMENDATION, YES_NO, choice_scale
from comity.core.surveys.tallies import PairTally, Tally
from comity.core.surveys.tests.strategies import rating_pairs, ratings, spread_out

LAST_YEAR = Tally(RATING, (5, 10, 25, 40, 20))
THIS_YEAR = Tally(RATING, (4, 6, 14, 42, 30))


def nothing_said(paired: bool, before: int, after: int) -> Change:
    return Change(paired, before, after, None, None, None, None, None, None, "too_few", None)


def p_of(change: Change) -> float:
    assert change.p is not None
    return change.p


def some(interval: Interval | None) -> Interval:
    assert interval is not None
    return interval


class WorkedByHand(TestCase):
    """The numbers of the page."""

    def test_two_waves_of_different_people(self) -> None:
        change = change_between(LAST_YEAR, THIS_YEAR)
        self.assertEqual((change.method, change.paired), ("two_proportions", False))
        self.assertEqual((change.n_before, change.n_after), (100, 96))
        assert change.top is not None
        assert change.z is not None
        assert change.top_ci is not None
        self.assertAlmostEqual(change.top, 0.15)
        self.assertAlmostEqual(change.z, 2.2386, 4)
        self.assertAlmostEqual(p_of(change), 0.0252, 4)
        self.assertAlmostEqual(change.top_ci.low, 0.0187, 4)
        self.assertAlmostEqual(change.top_ci.high, 0.2739, 4)
        self.assertEqual(change.verdict, "better")

    def test_few_people_are_left_to_fisher(self) -> None:
        change = change_between(Tally(YES_NO, (6, 3)), Tally(YES_NO, (1, 8)))
        self.assertEqual((change.method, change.z, change.verdict), ("fisher", None, "better"))
        self.assertAlmostEqual(p_of(change), 2 * (756 + 36) / 31824)

    def test_the_same_people_are_left_to_mcnemar(self) -> None:
        change = change_within(PairTally(YES_NO, {(0, 0): 4, (0, 1): 9, (1, 0): 2, (1, 1): 15}))
        self.assertEqual((change.method, change.n_before, change.n_after), ("mcnemar_exact", 30, 30))
        self.assertEqual((change.paired, change.holm_p, change.mean), (True, change.p, None))
        self.assertAlmostEqual(p_of(change), 134 / 2048)
        self.assertEqual(change.verdict, "no_clear_change")
        self.assertAlmostEqual(change.top or 0, 7 / 30)
        self.assertAlmostEqual(some(change.top_ci).low, 0.0113, 4)
        self.assertAlmostEqual(some(change.top_ci).high, 0.4262, 4)

    def test_a_family_of_three_that_alone_would_all_be_better(self) -> None:
        better = change_between(LAST_YEAR, THIS_YEAR)
        judged = judged_together(
            {key: replace(better, p=p) for key, p in [("a", 0.04), ("b", 0.01), ("c", 0.03)]}
        )
        self.assertEqual([change.holm_p for change in judged.values()], [0.06, 0.03, 0.06])
        self.assertEqual(
            [change.verdict for change in judged.values()], ["no_clear_change", "better", "no_clear_change"]
        )

    def test_a_family_of_three_questions(self) -> None:
        a, b, c = (Tally(YES_NO, (50, 50)), Tally(YES_NO, (45, 55)), Tally(YES_NO, (28, 72)))
        family = {
            "clear": change_between(a, c),
            "little": change_between(a, b),
            "few": change_between(a, Tally(YES_NO, (1, 1))),
        }
        judged = judged_together(family)
        self.assertEqual(
            [change.verdict for change in judged.values()], ["better", "no_clear_change", "too_few"]
        )
        self.assertEqual(judged["clear"].holm_p, 2 * p_of(family["clear"]))
        self.assertEqual(judged["few"].holm_p, None)

    def test_eight_people_asked_again(self) -> None:
        again = {(2, 4): 3, (3, 4): 2, (2, 2): 1, (3, 5): 1, (1, 2): 1}
        effect = measured_effect(PairTally(RATING, again))
        self.assertEqual((effect.n, effect.before, effect.after, effect.difference), (8, 2.25, 3.625, 1.375))
        assert effect.ci is not None
        self.assertAlmostEqual(effect.ci.low, 0.753, 3)
        self.assertAlmostEqual(effect.ci.high, 1.997, 3)
        self.assertEqual((effect.better, effect.same, effect.worse), (7, 1, 0))
        self.assertAlmostEqual(effect.p or 0, 2 / 128)
        self.assertEqual(effect.verdict, "better")

    def test_an_effect_may_be_for_the_worse(self) -> None:
        effect = measured_effect(PairTally(RATING, {(4, 2): 8, (2, 4): 1, (3, 3): 2}))
        self.assertEqual((effect.better, effect.same, effect.worse), (1, 2, 8))
        self.assertAlmostEqual(effect.p or 0, 2 * (1 + 9) / 2**9)
        self.assertEqual(effect.verdict, "worse")


class Bounds(TestCase):
    """The fewest of which something is said, and where one method gives way to the other."""

    def test_five_answers_in_each_wave_are_enough(self) -> None:
        change = change_between(Tally(YES_NO, (5, 0)), Tally(YES_NO, (0, 5)))
        self.assertEqual((change.verdict, change.method, change.holm_p), ("better", "fisher", change.p))
        self.assertAlmostEqual(p_of(change), 2 / 252)

    def test_six_people_are_enough(self) -> None:
        change = change_within(PairTally(YES_NO, {(1, 0): 6}))
        self.assertEqual((change.verdict, change.method, change.p), ("worse", "mcnemar_exact", 2 / 2**6))
        effect = measured_effect(PairTally(RATING, {(5, 1): 6}))
        self.assertEqual((effect.verdict, effect.p, effect.difference), ("worse", 2 / 2**6, -4))
        self.assertIsNone(effect.ci, "all moved alike: it would claim to be certain")

    def test_a_table_in_which_each_cell_holds_five_and_should_is_left_to_z(self) -> None:
        change = change_between(Tally(YES_NO, (5, 5)), Tally(YES_NO, (5, 5)))
        self.assertEqual((change.method, change.z, change.p), ("two_proportions", 0, 1))

    def test_one_that_should_hold_fewer_than_five_is_left_to_fisher(self) -> None:
        for large in ((5, 100), (100, 5)):
            for waves in (((5, 5), large), (large, (5, 5))):
                before, after = (Tally(YES_NO, counts) for counts in waves)
                self.assertEqual(change_between(before, after).method, "fisher", waves)

    def test_a_cell_of_four_is_left_to_fisher_whichever_it_is(self) -> None:
        for small in ((4, 16), (16, 4)):
            for waves in ((small, (10, 10)), ((10, 10), small)):
                before, after = (Tally(YES_NO, counts) for counts in waves)
                self.assertEqual(change_between(before, after).method, "fisher", waves)

    def test_twenty_five_who_changed_sides_are_left_to_z(self) -> None:
        change = change_within(PairTally(YES_NO, {(0, 1): 18, (1, 0): 7}))
        self.assertEqual((change.method, change.paired, change.z), ("mcnemar", True, 11 / 5))
        self.assertAlmostEqual(p_of(change), 0.0278, 4)
        self.assertEqual((change.verdict, change.holm_p, change.top), ("better", change.p, 11 / 25))
        self.assertEqual(change_within(PairTally(YES_NO, {(0, 1): 17, (1, 0): 7})).method, "mcnemar_exact")

    def test_one_in_twenty_is_still_chance(self) -> None:
        self.assertEqual(verdict_of(0.05, 1), "no_clear_change")
        self.assertEqual(verdict_of(0.0499, -1), "worse")

    def test_two_people_who_moved_apart_have_an_interval_of_the_mean(self) -> None:
        mean = change_within(PairTally(RATING, {(1, 3): 1, (2, 3): 1})).mean
        assert mean is not None
        self.assertEqual((mean.difference, mean.df), (1.5, 1))
        self.assertAlmostEqual(mean.t or 0, 3)
        self.assertAlmostEqual(some(mean.ci).low, 1.5 - 12.7062 / 2, 4)
        self.assertIsNone(change_within(PairTally(RATING, {(1, 3): 1})).mean)

    def test_two_waves_of_two_answers_each_are_the_fewest_with_a_mean(self) -> None:
        one, two = Tally(RATING, (0, 0, 1, 0, 0)), Tally(RATING, (0, 1, 0, 1, 0))
        mean = change_between(two, two).mean
        assert mean is not None
        self.assertEqual((mean.difference, mean.t, mean.df, mean.p), (0, 0, 2, 1))
        self.assertEqual((change_between(one, two).mean, change_between(two, one).mean), (None, None))


class NotDefined(TestCase):
    """Where nothing can be said."""

    def test_of_four_answers_the_numbers_stand_without_a_verdict(self) -> None:
        change = change_between(Tally(RATING, (0, 0, 4, 0, 0)), THIS_YEAR)
        self.assertEqual(
            (change.verdict, change.p, change.holm_p, change.method, change.z), ("too_few", *[None] * 4)
        )
        self.assertEqual((change.paired, change.n_before, change.n_after, change.top), (False, 4, 96, 0.75))
        # Wilson's intervals are 0 to 49.0 and 65.5 to 82.6 percent.
        self.assertAlmostEqual(some(change.top_ci).low, 0.75 - (0.0949**2 + 0.4899**2) ** 0.5, 3)
        assert change.mean is not None
        self.assertAlmostEqual(change.mean.difference, 376 / 96 - 3)

    def test_of_five_people_asked_again_the_numbers_stand_without_a_verdict(self) -> None:
        change = change_within(PairTally(RATING, {(1, 5): 5}))
        self.assertEqual((change.verdict, change.p, change.method), ("too_few", None, None))
        self.assertEqual((change.paired, change.n_before, change.n_after, change.top), (True, 5, 5, 1))
        self.assertAlmostEqual(some(change.top_ci).low, 0.196, 3)
        self.assertEqual(some(change.top_ci).high, 1, "no more than all can have gained")
        assert change.mean is not None
        self.assertEqual((change.mean.difference, change.mean.ci), (4, None))
        self.assertEqual(some(change_within(PairTally(RATING, {(5, 1): 5})).top_ci).low, -1)

    def test_a_wave_without_answers_has_no_change(self) -> None:
        change = change_between(Tally(RATING, (0,) * 5), THIS_YEAR)
        self.assertEqual(change, nothing_said(False, 0, 96))
        change = change_between(THIS_YEAR, Tally(RATING, (0,) * 5))
        self.assertEqual(change, nothing_said(False, 96, 0))
        change = change_within(PairTally(RATING, {}))
        self.assertEqual(change, nothing_said(True, 0, 0))

    def test_everybody_alike_twice_is_no_clear_change(self) -> None:
        same = Tally(RATING, (0, 0, 0, 9, 0))
        change = change_between(same, same)
        self.assertEqual((change.p, change.verdict), (1, "no_clear_change"))
        assert change.mean is not None
        self.assertEqual((change.mean.difference, change.mean.p), (0, None))

    def test_five_people_asked_again_prove_nothing(self) -> None:
        effect = measured_effect(PairTally(RATING, {(1, 5): 4, (3, 4): 1}))
        self.assertEqual(
            (effect.verdict, effect.p, effect.ci, effect.difference), ("too_few", None, None, 3.4)
        )
        self.assertEqual(measured_effect(PairTally(RATING, {})).before, None)

    def test_what_cannot_be_compared_is_refused(self) -> None:
        for other in (Tally(RECOMMENDATION, (1,) * 11), Tally(choice_scale(5), (1,) * 5)):
            with self.assertRaisesRegex(ValueError, "^Only the good answers on one scale"):
                change_between(LAST_YEAR, other)
        choice = Tally(choice_scale(2), (1, 2))
        with self.assertRaisesRegex(ValueError, "^Only the good answers on one scale"):
            change_between(choice, choice)
        with self.assertRaisesRegex(ValueError, "^Only the good answers on a scale"):
            change_within(PairTally(choice_scale(2), {(1, 2): 9}))
        with self.assertRaisesRegex(ValueError, "^An effect needs a scale that has a mean"):
            measured_effect(PairTally(YES_NO, {(0, 1): 9}))


class Laws(TestCase):
    """What holds for any two waves."""

    @given(ratings, ratings)
    def test_told_backwards_a_gain_is_a_loss(self, one: Tally, other: Tally) -> None:
        there, back = change_between(one, other), change_between(other, one)
        opposite = {"better": "worse", "worse": "better"}
        self.assertEqual(back.verdict, opposite.get(there.verdict, there.verdict))
        if there.top is not None and back.top is not None:
            self.assertAlmostEqual(there.top, -back.top)
            assert there.top_ci is not None
            assert back.top_ci is not None
            self.assertAlmostEqual(there.top_ci.low, -back.top_ci.high)

    @given(rating_pairs)
    def test_the_same_people_told_backwards(self, pairs: PairTally) -> None:
        swapped = PairTally(
            RATING, {(after, before): count for (before, after), count in pairs.counts.items()}
        )
        there, back = measured_effect(pairs), measured_effect(swapped)
        self.assertEqual((there.better, there.worse, there.p), (back.worse, back.better, back.p))
        self.assertEqual(change_within(pairs).p, change_within(swapped).p)

    @given(ratings)
    def test_no_wave_differs_from_itself(self, tally: Tally) -> None:
        self.assertIn(change_between(tally, tally).verdict, {"no_clear_change", "too_few"})

    @given(st.lists(st.tuples(ratings, ratings), max_size=8))
    def test_a_family_makes_no_change_clearer(self, waves: list[tuple[Tally, Tally]]) -> None:
        family = {str(place): change_between(*both) for place, both in enumerate(waves)}
        judged = judged_together(family)
        self.assertEqual(list(judged), list(family))
        for key, change in judged.items():
            if change.p is not None:
                self.assertGreaterEqual(change.holm_p or 0, change.p)
            if change.verdict in {"better", "worse"}:
                self.assertEqual(change.verdict, family[key].verdict)


class Proof(TestCase):
    """Against scipy and statsmodels."""

    @given(ratings, ratings)
    def test_independent_waves(self, one: Tally, other: Tally) -> None:
        change = change_between(one, other)
        assume(change.p is not None)
        if change.method == "fisher":
            table = [[other.top_n, other.n - other.top_n], [one.top_n, one.n - one.top_n]]
            self.assertAlmostEqual(p_of(change), stats.fisher_exact(table).pvalue)
        else:
            z, p = proportions_ztest([other.top_n, one.top_n], [other.n, one.n])
            self.assertAlmostEqual(change.z or 0, z)
            self.assertAlmostEqual(p_of(change), p)
        low, high = confint_proportions_2indep(
            other.top_n, other.n, one.top_n, one.n, method="newcomb", compare="diff"
        )
        assert change.top_ci is not None
        self.assertAlmostEqual(change.top_ci.low, low)
        self.assertAlmostEqual(change.top_ci.high, high)

    @given(ratings, ratings)
    def test_means_of_independent_waves(self, one: Tally, other: Tally) -> None:
        mean = change_between(one, other).mean
        assume(mean is not None and mean.p is not None)
        assert mean is not None
        assert mean.ci is not None
        before, after = spread_out(one), spread_out(other)
        t, p, df = ttest_ind(after, before, usevar="unequal")
        self.assertAlmostEqual(mean.t or 0, t)
        self.assertAlmostEqual(mean.p or 0, p)
        self.assertAlmostEqual(mean.df or 0, df)
        low, high = CompareMeans(DescrStatsW(after), DescrStatsW(before)).tconfint_diff(usevar="unequal")
        self.assertAlmostEqual(mean.ci.low, low)
        self.assertAlmostEqual(mean.ci.high, high)

    @given(rating_pairs)
    def test_the_same_people(self, pairs: PairTally) -> None:
        change = change_within(pairs)
        assume(change.p is not None)
        top = RATING.top
        table = [[0, 0], [0, 0]]
        for (before, after), count in pairs.counts.items():
            table[before in top][after in top] += count
        exact = change.method == "mcnemar_exact"
        self.assertEqual(exact, table[0][1] + table[1][0] < 25)
        proof = mcnemar(table, exact=exact, correction=False)
        self.assertAlmostEqual(p_of(change), proof.pvalue)
        if not exact:
            self.assertAlmostEqual((change.z or 0) ** 2, proof.statistic)

    @given(rating_pairs)
    def test_means_of_the_same_people(self, pairs: PairTally) -> None:
        mean = change_within(pairs).mean
        assume(mean is not None and mean.p is not None)
        assert mean is not None
        assert mean.ci is not None
        both = [pair for pair, count in pairs.counts.items() for _ in range(count)]
        proof = stats.ttest_rel([after for _, after in both], [before for before, _ in both])
        self.assertAlmostEqual(mean.t or 0, proof.statistic)
        self.assertAlmostEqual(mean.p or 0, proof.pvalue)
        self.assertAlmostEqual(mean.ci.low, proof.confidence_interval().low)
        self.assertAlmostEqual(mean.ci.high, proof.confidence_interval().high)

    # statsmodels collects all garbage of the process at each call, which takes a third of a second.
    @patch("gc.collect", new=int)
    @given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
    def test_the_family(self, ps: list[float]) -> None:
        change = change_between(LAST_YEAR, THIS_YEAR)
        judged = judged_together({str(place): replace(change, p=p) for place, p in enumerate(ps)})
        for found, raised in zip(judged.values(), multipletests(ps, method="holm")[1], strict=True):
            self.assertAlmostEqual(found.holm_p or 0, raised)

    @given(st.integers(0, 60), st.integers(0, 60))
    def test_the_sign_test(self, one: int, other: int) -> None:
        assume(one + other)
        self.assertAlmostEqual(sign_p(one, other), stats.binomtest(one, one + other).pvalue)

    @given(*[st.integers(0, 60)] * 3, st.integers(0, 20_000))
    def test_fishers_test_also_where_one_wave_is_large(self, a: int, b: int, c: int, d: int) -> None:
        self.assertAlmostEqual(fisher_p(a, b, c, d), stats.fisher_exact([[a, b], [c, d]]).pvalue, 6)

    def test_many_coins_are_exact_too(self) -> None:
        self.assertAlmostEqual(sign_p(25_000, 25_400), stats.binomtest(25_000, 50_400).pvalue)
