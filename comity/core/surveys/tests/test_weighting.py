"""Whose voice counts how much, and who answers when: the examples of docs/calculations/survey-drivers.md, and laws."""

from __future__ import annotations

from datetime import date, timedelta
from unittest import TestCase

from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from comity.core.surveys.change import early_and_late
from comity.core.surveys.figures import Interval
from comity.core.surveys.scales import RATING, choice_scale
from comity.core.surveys.tallies import Tally
from comity.core.surveys.tests.strategies import ratings
from comity.core.surveys.weighting import by_head_count, one_vote_each

REVENUE, MUSEUM, NURSING = (
    Tally(RATING, (0, 0, 0, 15, 15)),
    Tally(RATING, (0, 0, 5, 0, 0)),
    Tally(RATING, (0, 3, 2, 0, 0)),
)
PARTNERS = {"Revenue": REVENUE, "Museum": MUSEUM, "Nursing": NURSING, "Archives": Tally(RATING, (0,) * 5)}
many = st.dictionaries(st.text("abc", min_size=1, max_size=3), ratings, min_size=1, max_size=6)


def some(interval: Interval | None) -> Interval:
    assert interval is not None
    return interval


class WorkedByHand(TestCase):
    """The numbers of the page."""

    def test_one_partner_one_vote(self) -> None:
        found = one_vote_each(PARTNERS, partners=40)
        self.assertEqual((found.partners, found.n, found.left_out), (3, 40, ("Archives",)))
        self.assertAlmostEqual(found.mean or 0, 3.3)
        self.assertAlmostEqual(some(found.mean_ci).low, 0.683, 3)
        self.assertAlmostEqual(some(found.mean_ci).high, 5.917, 3)
        self.assertAlmostEqual(found.effective_n, 3**2 / (1 / 30 + 1 / 5 + 1 / 5))
        self.assertAlmostEqual(found.top or 0, 1 / 3)
        self.assertEqual(found.top_ci, Interval(0, 1), "three partners of which one is content say nothing")

    def test_two_partners_that_differ_are_the_fewest_with_intervals(self) -> None:
        answers = {str(good): Tally(RATING, (0, 0, 100 - good, good, 0)) for good in (50, 51)}
        found = one_vote_each(answers)
        # t with one degree of freedom is 12.706; the standard error of two values is half of what lies between them.
        self.assertAlmostEqual(some(found.top_ci).low, 0.505 - 12.7062 * 0.005, 4)
        self.assertAlmostEqual(some(found.top_ci).high, 0.505 + 12.7062 * 0.005, 4)
        self.assertAlmostEqual(some(found.mean_ci).high, 3.505 + 12.7062 * 0.005, 4)
        self.assertIsNone(one_vote_each({"50": answers["50"]}).mean_ci)
        self.assertIsNone(one_vote_each({"50": answers["50"], "again": answers["50"]}).mean_ci)

    def test_by_head_count(self) -> None:
        found = by_head_count(PARTNERS, {"Revenue": 1000, "Museum": 100, "Nursing": 50, "Archives": 30})
        self.assertAlmostEqual(found.mean or 0, 4.278, 3)
        self.assertAlmostEqual(found.effective_n, 36.91, 2)
        self.assertAlmostEqual(some(found.mean_ci).low, 4.024, 3)
        self.assertAlmostEqual(some(found.mean_ci).high, 4.533, 3)
        self.assertAlmostEqual(found.top or 0, 1000 / 1150)
        low, high = proportion_confint(found.effective_n * 1000 / 1150, found.effective_n, method="wilson")
        self.assertAlmostEqual(some(found.top_ci).low, low)
        self.assertAlmostEqual(some(found.top_ci).high, high)
        self.assertEqual((found.partners, found.n, found.left_out), (3, 40, ("Archives",)))

    def test_a_partner_of_unknown_size_is_named(self) -> None:
        found = by_head_count(PARTNERS, {"Revenue": 1000, "Museum": None})
        self.assertEqual((found.partners, found.left_out), (1, ("Archives", "Museum", "Nursing")))

    def test_late_answers_are_worse(self) -> None:
        start = date(2026, 9, 1)
        by_day = {
            start: Tally(RATING, (0, 0, 2, 10, 8)),
            start + timedelta(1): Tally(RATING, (0, 1, 2, 4, 3)),
            start + timedelta(14): Tally(RATING, (4, 6, 8, 4, 2)),
        }
        found = early_and_late(by_day, late_from=start + timedelta(14))
        assert found is not None
        self.assertEqual((found.early.n, found.late.n, found.change.verdict), (30, 24, "worse"))
        halves = early_and_late(by_day)
        assert halves is not None
        self.assertEqual(halves.late_from, start + timedelta(14))

    def test_without_a_reminder_the_days_are_split_where_the_halves_are_most_nearly_equal(self) -> None:
        start = date(2026, 9, 1)
        for answers, late_from in [
            ((1, 1), 1),
            ((6, 4, 3), 1),
            ((2, 5, 1, 9), 3),
            ((5, 2, 5), 1),
            ((4, 0, 4), 2),
        ]:
            found = early_and_late(
                {start + timedelta(day): Tally(RATING, (0, 0, 0, n, 0)) for day, n in enumerate(answers)}
            )
            assert found is not None
            self.assertEqual(found.late_from, start + timedelta(late_from), answers)
            self.assertEqual(
                (found.early.n, found.late.n), (sum(answers[:late_from]), sum(answers[late_from:]))
            )


class NotDefined(TestCase):
    """Where nothing can be said."""

    def test_nobody_answered(self) -> None:
        for found in (one_vote_each({}), by_head_count({}, {})):
            self.assertEqual((found.partners, found.mean, found.top, found.effective_n), (0, None, None, 0))
            self.assertEqual((found.mean_ci, found.top_ci, found.left_out), (None, None, ()))

    def test_choices_have_neither_a_mean_nor_good_answers(self) -> None:
        colours = {"a": Tally(choice_scale(2), (3, 4)), "b": Tally(choice_scale(2), (1, 0))}
        for found in (one_vote_each(colours), by_head_count(colours, {"a": 10, "b": 20})):
            self.assertEqual((found.n, found.mean, found.mean_ci, found.top, found.top_ci), (8, *[None] * 4))

    def test_answers_all_alike_have_no_interval_by_head_count_either(self) -> None:
        self.assertIsNone(by_head_count({"a": MUSEUM, "b": MUSEUM}, {"a": 10, "b": 20}).mean_ci)
        self.assertIsNone(by_head_count({"a": Tally(RATING, (0, 0, 1, 0, 0))}, {"a": 10}).mean_ci)

    def test_a_partner_that_employs_nobody_has_no_weight(self) -> None:
        found = by_head_count(PARTNERS, {"Revenue": 0, "Museum": 1, "Nursing": 1})
        self.assertEqual((found.partners, found.left_out), (2, ("Archives", "Revenue")))
        self.assertAlmostEqual(found.mean or 0, 2.7)

    def test_every_partner_answered(self) -> None:
        found = one_vote_each({"a": REVENUE, "b": NURSING}, partners=2)
        self.assertEqual((found.mean_ci, found.top_ci), (None, None))

    def test_one_day_has_no_early_and_late(self) -> None:
        today = date(2026, 9, 1)
        self.assertIsNone(early_and_late({}))
        self.assertIsNone(early_and_late({today: REVENUE}))
        self.assertIsNone(early_and_late({today: REVENUE}, late_from=today))
        self.assertIsNone(early_and_late({today: REVENUE}, late_from=today + timedelta(1)))


class Laws(TestCase):
    """What holds for any weights."""

    @given(many, st.lists(st.integers(1, 10_000), min_size=6, max_size=6))
    def test_weights_never_make_answers_say_more(self, tallies: dict[str, Tally], heads: list[int]) -> None:
        for found in (
            one_vote_each(tallies),
            by_head_count(tallies, dict(zip(tallies, heads, strict=False))),
        ):
            self.assertLessEqual(found.effective_n, found.n + 1e-9)
            self.assertGreaterEqual(found.effective_n, min(found.n, 1) - 1e-9)

    @given(many)
    def test_weights_by_who_answered_give_back_the_plain_mean(self, tallies: dict[str, Tally]) -> None:
        found = by_head_count(tallies, {key: tally.n for key, tally in tallies.items()})
        together = sum(list(tallies.values())[1:], start=next(iter(tallies.values())))
        self.assertAlmostEqual(found.mean or 0, together.mean or 0)
        self.assertAlmostEqual(found.effective_n, together.n)

    @given(many)
    def test_one_vote_each_does_not_ask_how_many_answered(self, tallies: dict[str, Tally]) -> None:
        more = {key: tally + tally for key, tally in tallies.items()}
        self.assertAlmostEqual(one_vote_each(tallies).mean or 0, one_vote_each(more).mean or 0)

    @given(many, st.integers(1, 50))
    def test_the_weighted_mean_and_its_spread_against_statsmodels(
        self, tallies: dict[str, Tally], heads: int
    ) -> None:
        head_count = {key: heads * (place + 1) for place, key in enumerate(tallies)}
        found = by_head_count(tallies, head_count)
        assume(found.mean_ci is not None)
        rows = [
            (value, head_count[key] / tally.n * count)
            for key, tally in tallies.items()
            if tally.n
            for value, count in tally.items()
            if count
        ]
        scale = found.effective_n / sum(weight for _, weight in rows)
        proof = DescrStatsW([value for value, _ in rows], [weight * scale for _, weight in rows])
        low, high = proof.tconfint_mean()
        self.assertAlmostEqual(found.mean or 0, proof.mean)
        self.assertAlmostEqual(some(found.mean_ci).low, low)
        self.assertAlmostEqual(some(found.mean_ci).high, high)
