"""Drivers: the examples of docs/calculations/survey-drivers.md, laws, and proof against scipy and statsmodels."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from random import Random
from time import process_time
from unittest import TestCase

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.tools import add_constant

from comity.core.surveys.drivers import (
    Alpha,
    Driver,
    Drivers,
    Point,
    cronbach_alpha,
    drivers_of,
    fewest_rows,
    importance_against_performance,
)
from comity.core.surveys.figures import Interval
from comity.core.surveys.importance import shared_out

answers = st.sampled_from([1, 2, 3, 4, 5])
three_drivers = st.lists(st.tuples(answers, answers, answers, answers), min_size=50, max_size=80)


def columns(rows: list[tuple[int, ...]]) -> tuple[list[int | None], dict[str, list[int | None]]]:
    overall, *rest = (list(column) for column in zip(*rows, strict=True))
    return overall, {f"driver {place}": column for place, column in enumerate(rest)}


class WorkedByHand(TestCase):
    """The numbers of the page."""

    def test_the_rank_correlation(self) -> None:
        found = drivers_of([5, 4, 4, 3, 2], {"speed": [5, 4, 5, 4, 3]}, counts=[20, 10, 5, 5, 10])
        self.assertEqual((found.n, found.enough, found.drivers[0].n), (50, True, 50))
        self.assertAlmostEqual(found.drivers[0].rho or 0, 0.9109, 4)
        self.assertAlmostEqual(found.drivers[0].importance or 0, 1)

    def test_the_importance_of_two_drivers(self) -> None:
        r2, parts, error = shared_out(np.array([[1, 0.6, 0.5], [0.6, 1, 0.4], [0.5, 0.4, 1]]))
        assert r2 is not None
        assert parts is not None
        self.assertIsNone(error)
        self.assertAlmostEqual(r2, 0.4405, 4)
        self.assertAlmostEqual(parts[0], 0.6249, 4)
        self.assertAlmostEqual(parts[1], 0.3751, 4)

    def test_alpha(self) -> None:
        alpha = cronbach_alpha({"one": [5, 4, 2, 3, None], "two": [4, 4, 3, 1, 5]})
        self.assertEqual((alpha.n, alpha.items), (4, 2))
        self.assertAlmostEqual(alpha.value or 0, 12 / 17)

    def test_the_corners_of_the_picture(self) -> None:
        found = Drivers(
            60,
            True,
            0.5,
            tuple(
                Driver(key, 60, 0.5, part) for key, part in [("a", 0.5), ("b", 0.3), ("c", 0.1), ("d", 0.1)]
            ),
        )
        points = importance_against_performance(found, {"a": 2.9, "b": 4.4, "c": 3.1, "d": 4.2})
        self.assertEqual(
            points,
            (
                Point("a", 2.9, 0.5, "mend_first"),
                Point("b", 4.4, 0.3, "keep_up"),
                Point("c", 3.1, 0.1, "can_wait"),
                Point("d", 4.2, 0.1, "good_enough"),
            ),
        )

    def test_what_lies_exactly_on_the_lines_matters_and_is_good(self) -> None:
        found = Drivers(60, True, 0.5, (Driver("a", 60, 0.5, 0.5), Driver("b", 60, 0.5, 0.5)))
        points = importance_against_performance(found, {"a": 4.0, "b": 4.0, "c": 1.0})
        self.assertEqual([point.quadrant for point in points], ["keep_up", "keep_up"])
        self.assertEqual(importance_against_performance(found, {}), ())


class NotDefined(TestCase):
    """Where nothing can be said."""

    def test_forty_nine_people_are_too_few(self) -> None:
        found = drivers_of([5, 4] * 24 + [3, 3], {"speed": [5, 3] * 24 + [4, None]})
        self.assertEqual(
            (found.n, found.enough, found.drivers[0]), (49, False, Driver("speed", 49, None, None))
        )
        self.assertEqual(importance_against_performance(found, {"speed": 4.0}), ())

    def test_a_driver_on_which_all_agree_explains_nothing(self) -> None:
        found = drivers_of([5, 4] * 30, {"same": [4] * 60, "speed": [5, 3] * 30})
        self.assertEqual((found.drivers[0].rho, found.drivers[0].importance), (None, 0))
        self.assertAlmostEqual(found.drivers[1].importance or 0, 1)

    def test_a_driver_that_goes_its_own_way_explains_nothing_beside_one_that_explains_all(self) -> None:
        satisfaction, apart = [1, 1, 2, 2] * 15, [1, 2, 1, 2] * 15
        found = drivers_of(satisfaction, {"apart": apart, "same": satisfaction})
        self.assertAlmostEqual(found.r2 or 0, 1)
        self.assertAlmostEqual(found.drivers[0].importance or 0, 0)
        self.assertAlmostEqual(found.drivers[1].importance or 0, 1)
        alone = drivers_of(satisfaction, {"apart": apart})
        self.assertEqual((alone.r2, alone.drivers[0].rho, alone.drivers[0].importance), (0, 0, None))

    def test_satisfaction_on_which_all_agree_has_no_drivers(self) -> None:
        found = drivers_of([4] * 60, {"speed": [5, 3] * 30})
        self.assertEqual([(one.key, one.n) for one in found.drivers], [("speed", 60)])
        self.assertEqual((found.r2, found.drivers[0].rho, found.drivers[0].importance), (None, None, None))

    def test_alpha_needs_two_questions_two_people_and_some_spread(self) -> None:
        self.assertEqual(cronbach_alpha({}), Alpha(None, 0, 0))
        self.assertEqual(cronbach_alpha({"one": [1, 2, 3]}), Alpha(None, 3, 1))
        self.assertEqual(cronbach_alpha({"one": [1, None], "two": [1, 2]}), Alpha(None, 1, 2))
        self.assertEqual(cronbach_alpha({"one": [4, 4], "two": [3, 3]}), Alpha(None, 2, 2))

    def test_questions_that_contradict_each_other_have_an_alpha_below_zero(self) -> None:
        # Variances 1/3 and 1/3; sums 2, 3, 3 with variance 1/3: 2 x (1 - 2).
        self.assertAlmostEqual(cronbach_alpha({"one": [1, 1, 2], "two": [1, 2, 1]}).value or 0, -2)

    def test_one_person_of_fifty_who_thinks_otherwise_is_spread_enough(self) -> None:
        found = drivers_of([5] * 49 + [4], {"speed": [4] * 49 + [5]})
        self.assertAlmostEqual(found.drivers[0].rho or 0, -1)
        self.assertAlmostEqual(found.drivers[0].importance or 0, 1)

    def test_two_people_are_the_fewest_with_an_alpha(self) -> None:
        # Variances 1/2 and 2; sums 2 and 5 with variance 9/2: 2 x (1 - 2.5 / 4.5).
        alpha = cronbach_alpha({"one": [1, 2], "two": [1, 3]})
        self.assertEqual((alpha.n, alpha.items), (2, 2))
        self.assertAlmostEqual(alpha.value or 0, 8 / 9)

    def test_columns_of_unequal_length_and_no_driver_are_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "^Every column has one value for each person"):
            drivers_of([1, 2], {"speed": [1]})
        with self.assertRaisesRegex(ValueError, "^Every column has one value for each person"):
            drivers_of([1, 2], {"speed": [1, 2]}, counts=[1])
        with self.assertRaisesRegex(ValueError, r"^There is no driver\.$"):
            drivers_of([1], {})

    def test_many_drivers_take_two_people_each(self) -> None:
        self.assertEqual([fewest_rows(count) for count in (1, 25, 26, 40)], [50, 50, 52, 80])
        chance = Random(2)
        answers = {str(place): [chance.randint(1, 5) for _ in range(52)] for place in range(26)}
        self.assertTrue(drivers_of([1, 2] * 26, answers).enough)
        short: dict[str, list[int | None]] = {key: [*column[:-1], None] for key, column in answers.items()}
        self.assertFalse(drivers_of([1, 2] * 26, short).enough)

    def test_what_explains_nothing_is_not_said_to_matter(self) -> None:
        found = Drivers(60, True, 0.1, (Driver("a", 60, 0.3, 1, Interval(1, 1)),), p=0.05)
        self.assertEqual(
            [point.matters for point in importance_against_performance(found, {"a": 3})], [False]
        )
        self.assertFalse(found.explain)
        self.assertFalse(Drivers(60, True, None, ()).explain)


class Matters(TestCase):
    """A driver matters where its interval lies above the average importance, and all together beat chance."""

    def points(self, first: Interval | None) -> list[bool]:
        drivers = (Driver("a", 60, 0.5, 0.7, first), Driver("b", 60, 0.2, 0.3, Interval(0.2, 0.4)))
        found = Drivers(60, True, 0.4, drivers, p=0.049)
        return [point.matters for point in importance_against_performance(found, {"a": 3.0, "b": 4.0})]

    def test_its_whole_interval_lies_above_the_average(self) -> None:
        self.assertEqual(self.points(Interval(0.51, 0.9)), [True, False])

    def test_the_average_is_within_its_interval_or_the_interval_is_not_known(self) -> None:
        self.assertEqual(self.points(Interval(0.5, 0.9)), [False, False])
        self.assertEqual(self.points(None), [False, False])

    def test_one_driver_alone_matters_if_it_explains_anything(self) -> None:
        found = Drivers(60, True, 0.4, (Driver("a", 60, 0.5, 1.0),), p=0.01)
        self.assertTrue(importance_against_performance(found, {"a": 3.0})[0].matters)


class Laws(TestCase):
    """What holds for any answers."""

    @settings(max_examples=40)
    @given(three_drivers, st.permutations([0, 1, 2]))
    def test_parts_add_up_and_do_not_depend_on_the_order(
        self, rows: list[tuple[int, ...]], order: list[int]
    ) -> None:
        overall, drivers = columns(rows)
        found = {one.key: one for one in drivers_of(overall, drivers).drivers}
        parts = [one.importance for one in found.values() if one.importance is not None]
        assume(parts)
        self.assertAlmostEqual(sum(parts), 1)
        self.assertGreaterEqual(min(parts), -1e-9)
        keys = list(drivers)
        mixed = drivers_of(overall, {keys[place]: drivers[keys[place]] for place in order})
        for driver in mixed.drivers:
            self.assertAlmostEqual(driver.importance or 0, found[driver.key].importance or 0)

    @settings(max_examples=40)
    @given(three_drivers)
    def test_rows_counted_together_say_the_same(self, rows: list[tuple[int, ...]]) -> None:
        together = Counter(rows)
        overall, drivers = columns(rows)
        grouped, grouped_drivers = columns(list(together))
        one = drivers_of(overall, drivers)
        other = drivers_of(grouped, grouped_drivers, counts=list(together.values()))
        self.assertEqual(one.n, other.n)
        for single, same in zip(one.drivers, other.drivers, strict=True):
            self.assertAlmostEqual(single.rho or 0, same.rho or 0)
            self.assertAlmostEqual(single.importance or 0, same.importance or 0)
        self.assertAlmostEqual(
            cronbach_alpha(drivers).value or 0,
            cronbach_alpha(grouped_drivers, list(together.values())).value or 0,
        )

    @settings(max_examples=40)
    @given(st.lists(answers, min_size=50, max_size=80))
    def test_no_rounding_takes_a_correlation_past_one(self, overall: list[int]) -> None:
        assume(len(set(overall)) > 1)
        found = drivers_of(overall, {"same": overall, "opposite": [6 - value for value in overall]})
        same, opposite = (driver.rho or 0 for driver in found.drivers)
        self.assertTrue(1 - 1e-9 <= same <= 1)
        self.assertTrue(-1 <= opposite <= -1 + 1e-9)

    def test_two_drivers_that_say_the_same_share_it(self) -> None:
        chance = Random(1)
        speed: list[int | None] = [chance.randint(1, 5) for _ in range(80)]
        overall = [min(5, (value or 0) + chance.randint(0, 1)) for value in speed]
        first, second = drivers_of(overall, {"speed": speed, "pace": list(speed)}).drivers
        self.assertAlmostEqual(first.importance or 0, 0.5)
        self.assertAlmostEqual(second.importance or 0, 0.5)


class Proof(TestCase):
    """Against scipy and statsmodels."""

    @settings(max_examples=40)
    @given(three_drivers)
    def test_the_rank_correlation(self, rows: list[tuple[int, ...]]) -> None:
        overall, drivers = columns(rows)
        assume(all(len(set(column)) > 1 for column in (overall, *drivers.values())))
        for driver in drivers_of(overall, drivers).drivers:
            self.assertAlmostEqual(driver.rho or 0, stats.spearmanr(overall, drivers[driver.key]).statistic)

    @settings(max_examples=20)
    @given(three_drivers)
    def test_the_importance_over_all_orders_of_real_regressions(self, rows: list[tuple[int, ...]]) -> None:
        overall, drivers = columns(rows)
        assume(all(len(set(column)) > 1 for column in (overall, *drivers.values())))
        found = drivers_of(overall, drivers)
        assert found.r2 is not None

        def explained(keys: tuple[str, ...]) -> float:
            if not keys:
                return 0.0
            regressors = add_constant(np.array([drivers[key] for key in keys], dtype=float).T)
            return float(OLS(np.array(overall, dtype=float), regressors).fit().rsquared)

        self.assertAlmostEqual(found.r2, explained(tuple(drivers)))
        orders = list(permutations(drivers))
        for driver in found.drivers:
            gains = [
                explained(order[: order.index(driver.key) + 1]) - explained(order[: order.index(driver.key)])
                for order in orders
            ]
            self.assertAlmostEqual((driver.importance or 0) * found.r2, sum(gains) / len(orders))

    @settings(max_examples=40)
    @given(three_drivers)
    def test_alpha_against_the_mean_covariance(self, rows: list[tuple[int, ...]]) -> None:
        _, drivers = columns(rows)
        alpha = cronbach_alpha(drivers).value
        assume(alpha is not None)
        found = np.cov(np.array(list(drivers.values()), dtype=float))
        k, variance = len(found), np.trace(found) / len(found)
        covariance = (found.sum() - np.trace(found)) / (k * (k - 1))
        self.assertAlmostEqual(alpha or 0, k * covariance / (variance + (k - 1) * covariance))


class Speed(TestCase):
    def test_seven_drivers_of_fifty_thousand_people_take_less_than_a_second(self) -> None:
        chance = np.random.default_rng(1)
        table = chance.integers(1, 6, size=(8, 50_000)).tolist()
        began = process_time()
        found = drivers_of(table[0], {str(place): column for place, column in enumerate(table[1:])})
        self.assertLess(process_time() - began, 1)
        self.assertEqual(found.n, 50_000)
