"""Importance of many drivers: drawn orders held to all orders, intervals to a bootstrap of people, the test to statsmodels."""

from __future__ import annotations

from time import process_time
from unittest import TestCase

import numpy as np
from numpy.typing import NDArray
from statsmodels.regression.linear_model import OLS
from statsmodels.tools import add_constant

from comity.core.surveys.distributions import r2_p
from comity.core.surveys.drivers import cronbach_alpha, drivers_of, importance_against_performance
from comity.core.surveys.importance import (
    _exact_gains,
    _gains_of_pairs,
    _orders,
    _parts_again,
    sampled_gains,
    scaled,
    shared_out,
    spread_of_parts,
)

Table = NDArray[np.float64]


def answered(people: int, drivers: int, seed: int, strongest: int = 0) -> Table:
    """Satisfaction and drivers from 1 to 5 that share a mood; the strongest one counts for as much as all others."""
    chance = np.random.default_rng(seed)
    mood = chance.normal(size=people)
    felt = 0.6 * mood + chance.normal(size=(drivers, people))
    overall = felt.mean(axis=0) + felt[strongest] + 0.3 * chance.normal(size=people)
    table = np.vstack([overall, felt])
    found: Table = np.clip(np.round(3 + table), 1, 5)
    return found


def correlations(table: Table) -> Table:
    return np.asarray(np.corrcoef(table), dtype=float)


class WorkedByHand(TestCase):
    """The example of the page."""

    WITH, AMONG = np.array([0.6, 0.5, 0.4]), np.array([[1, 0.3, 0.3], [0.3, 1, 0.3], [0.3, 0.3, 1]])

    def test_one_order_and_the_same_backwards(self) -> None:
        pair = _gains_of_pairs(self.WITH, self.AMONG, np.array([[0, 1, 2]]))[0]
        for gain, expected in zip(pair, (0.2693, 0.1356, 0.0924), strict=True):
            self.assertAlmostEqual(gain, expected, 4)

    def test_all_orders(self) -> None:
        for gain, expected in zip(_exact_gains(self.WITH, self.AMONG), (0.2588, 0.1566, 0.0819), strict=True):
            self.assertAlmostEqual(gain, expected, 4)


class DrawnOrders(TestCase):
    """Of more than twelve drivers 4,000 orders are gone through. Proof on up to ten, where all can be."""

    def test_they_say_what_all_orders_say_and_by_how_much_they_may_err(self) -> None:
        for drivers in range(1, 11):
            with self.subTest(drivers=drivers):
                found = correlations(answered(300, drivers, seed=drivers))
                exact = _exact_gains(found[0, 1:], found[1:, 1:])
                drawn, error = sampled_gains(found[0, 1:], found[1:, 1:])
                self.assertAlmostEqual(drawn.sum(), exact.sum(), 6)
                self.assertLess(abs(drawn - exact).max(), 1.5 * error + 1e-6)
                self.assertLess(error, 0.01 * exact.sum())

    def test_the_error_is_that_of_a_mean_over_two_thousand_pairs(self) -> None:
        found = correlations(answered(300, 5, seed=5))
        gains = _gains_of_pairs(found[0, 1:], found[1:, 1:], _orders(2_000, 5))
        worst = max(float(np.std(column, ddof=1)) for column in gains.T)
        self.assertAlmostEqual(sampled_gains(found[0, 1:], found[1:, 1:])[1], 1.959964 * worst / 2_000**0.5)

    def test_thirteen_drivers_are_drawn_and_twelve_are_not(self) -> None:
        r2, parts, error = shared_out(correlations(answered(400, 13, seed=3)))
        assert r2 is not None
        assert parts is not None
        assert error is not None
        self.assertAlmostEqual(sum(parts), 1)
        self.assertEqual(max(parts), parts[0])
        found = correlations(answered(400, 13, seed=3))
        _drawn, bound = sampled_gains(found[0, 1:], found[1:, 1:])
        self.assertAlmostEqual(error, bound / r2)
        self.assertLess(error, 0.01)
        self.assertIsNone(shared_out(correlations(answered(400, 12, seed=3)))[2])

    def test_those_that_repeat_each_other_share_what_they_say(self) -> None:
        table = answered(300, 14, seed=4)
        table[14] = table[1]
        _r2, parts, error = shared_out(correlations(table))
        assert parts is not None
        assert error is not None
        self.assertLess(abs(parts[0] - parts[13]), 2 * error)

    def test_what_does_not_vary_has_no_part(self) -> None:
        found = correlations(answered(300, 14, seed=4))
        found[3], found[:, 3] = np.nan, np.nan
        _r2, parts, error = shared_out(found)
        assert parts is not None
        self.assertEqual(parts[2], 0)
        self.assertIsNotNone(error)

    def test_what_explains_nothing_has_no_parts(self) -> None:
        self.assertEqual(shared_out(np.eye(15)), (0.0, None, None))
        self.assertEqual(shared_out(np.full((3, 3), np.nan)), (None, None, None))


class TheStrongestIsNeverLost(TestCase):
    def test_the_fifteenth_of_fifteen_is_found_and_said_to_matter(self) -> None:
        table = answered(200, 15, seed=8, strongest=14).astype(int).tolist()
        answers = {str(place): column for place, column in enumerate(table[1:])}
        found = drivers_of(table[0], answers)
        strongest = max(found.drivers, key=lambda one: one.importance or 0)
        self.assertEqual(strongest.key, "14")
        assert strongest.ci is not None
        self.assertGreater(strongest.ci.low, 1 / 15)
        self.assertTrue(found.explain)
        self.assertLess(found.error or 1, 0.01)
        good = dict.fromkeys(answers, 0.5)
        matter = [one.key for one in importance_against_performance(found, good) if one.matters]
        self.assertEqual(matter, ["14"])
        self.assertEqual(cronbach_alpha(answers).items, 15)

    def test_forty_drivers_of_two_thousand_people_take_less_than_three_seconds(self) -> None:
        table = answered(2_000, 40, seed=9).astype(int).tolist()
        began = process_time()
        found = drivers_of(table[0], {str(place): column for place, column in enumerate(table[1:])})
        self.assertLess(process_time() - began, 3)
        self.assertEqual(len(found.drivers), 40)


class Intervals(TestCase):
    def test_they_are_those_of_people_drawn_anew(self) -> None:
        table = answered(400, 4, seed=6)
        chance = np.random.default_rng(7)
        parts = []
        for _ in range(300):
            _r2, found, _error = shared_out(correlations(table[:, chance.integers(0, 400, size=400)]))
            assert found is not None
            parts.append(found)
        expected = np.array(parts).std(axis=0, ddof=1)
        for mine, theirs in zip(spread_of_parts(table, np.ones(400)), expected, strict=True):
            self.assertLess(abs(mine / theirs - 1), 0.25)

    def test_they_narrow_as_more_people_answer(self) -> None:
        few = spread_of_parts(answered(60, 3, seed=2), np.ones(60))
        same = spread_of_parts(answered(60, 3, seed=2), np.full(60, 16))
        for narrow, wide in zip(same, few, strict=True):
            self.assertLess(abs(narrow / wide - 0.25), 0.1)

    def test_the_same_answers_always_give_the_same(self) -> None:
        table = answered(100, 3, seed=2)
        self.assertEqual(spread_of_parts(table, np.ones(100)), spread_of_parts(table, np.ones(100)))

    def test_they_lie_about_the_figure_and_within_what_is_possible(self) -> None:
        table = answered(60, 3, seed=2).astype(int).tolist()
        for driver in drivers_of(table[0], {str(place): one for place, one in enumerate(table[1:])}).drivers:
            assert driver.ci is not None
            self.assertTrue(0 <= driver.ci.low <= (driver.importance or 0) <= driver.ci.high <= 1)

    def test_ninety_five_of_a_hundred_lie_within_two_standard_deviations(self) -> None:
        table = answered(60, 2, seed=2)
        wide = spread_of_parts(table, np.ones(60))[0]
        first = drivers_of(*_columns(table)).drivers[0]
        assert first.ci is not None
        self.assertAlmostEqual(first.ci.high, min(1, (first.importance or 0) + 1.959964 * wide))
        self.assertAlmostEqual(first.ci.low, max(0, (first.importance or 0) - 1.959964 * wide))

    def test_a_sample_in_which_a_driver_does_not_vary_gives_it_no_part(self) -> None:
        rows = np.array([[1, 1, 1, 1], [1, 2, 4, 5], [1, 2, 4, 5], [3, 3, 3, 3]], dtype=float)
        parts = _parts_again(rows @ rows.T, _orders(5, 2))
        self.assertAlmostEqual(parts[0], 1)
        self.assertAlmostEqual(parts[1], 0)

    def test_a_sample_that_explains_nothing_gives_nobody_a_part(self) -> None:
        rows = np.array([[1, 1, 1, 1], [1, 1, 2, 2], [1, 2, 1, 2]], dtype=float)
        self.assertAlmostEqual(_parts_again(rows @ rows.T, _orders(5, 1))[0], 0)

    def test_answers_that_differ_by_rounding_alone_do_not_vary(self) -> None:
        found = scaled(np.array([[4.0, 1e-9], [1e-9, 1e-13]]))
        self.assertEqual(found[0, 0], 1)
        self.assertTrue(np.isnan(found[0, 1]))
        self.assertTrue(np.isnan(scaled(np.array([[-1e-16]]))[0, 0]))


class MoreThanChance(TestCase):
    def test_the_test_of_a_whole_regression(self) -> None:
        for people, drivers, seed in ((60, 3, 1), (80, 13, 2)):
            table = answered(people, drivers, seed)
            table[0] = np.random.default_rng(seed).permutation(table[0])
            fit = OLS(table[0], add_constant(table[1:].T)).fit()
            self.assertAlmostEqual(r2_p(fit.rsquared, people, drivers), fit.f_pvalue)
            self.assertAlmostEqual(drivers_of(*_columns(table)).p or 0, fit.f_pvalue)

    def test_all_explained_is_no_chance(self) -> None:
        self.assertEqual(r2_p(1.0000000001, 60, 2), 0)
        self.assertAlmostEqual(r2_p(0, 60, 2), 1)


def _columns(table: Table) -> tuple[list[int], dict[str, list[int]]]:
    overall, *rest = table.astype(int).tolist()
    return overall, {str(place): column for place, column in enumerate(rest)}
