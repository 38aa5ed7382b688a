"""The score of health: worked by hand, and its laws."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TypeAlias
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import DomainError
from comity.core.health import (
    ORDER,
    Band,
    Health,
    Led,
    fell,
    half_up,
    led,
    mover,
    moves,
    nearness,
    percent,
    refuse_weights,
)

PARTS = "abcdef"
Values: TypeAlias = dict[str, int | None]
Weights: TypeAlias = dict[str, int]
values = st.fixed_dictionaries({part: st.none() | st.integers(0, 100) for part in PARTS})
weights = st.fixed_dictionaries({part: st.integers(1, 1_000) for part in PARTS})
TODAY = date(2026, 11, 30)


def of(days: int) -> date:
    return TODAY - timedelta(days=days)


class WorkedByHand(TestCase):
    """The example of docs/calculations/health.md."""

    weights = {
        "met": 20,
        "satisfied": 20,
        "change": 5,
        "followups": 20,
        "disputes": 5,
        "contact": 15,
        "sponsor": 15,
    }

    def test_the_products_come_to_the_score(self) -> None:
        health = Health(
            {
                "met": 63,
                "satisfied": 78,
                "change": None,
                "followups": 67,
                "disputes": 100,
                "contact": 50,
                "sponsor": 0,
            },
            self.weights,
        )
        self.assertEqual((health.points, health.known, health.total), (5_410, 95, 100))
        self.assertEqual((health.score, health.by_score), (57, Band.WATCH))

    def test_one_stop_caps_at_watch_and_two_at_risk(self) -> None:
        for stops, band in enumerate((Band.GOOD, Band.WATCH, Band.RISK, Band.RISK)):
            self.assertEqual(Health({"met": 90}, self.weights, stops).band, band)

    def test_without_half_of_the_weight_there_is_no_score_and_it_is_no_green(self) -> None:
        known = Health({"a": 100, "b": None}, {"a": 1, "b": 1})
        self.assertEqual((known.score, known.band), (100, Band.GOOD))
        unknown = Health({"a": 100, "b": None}, {"a": 1, "b": 2})
        self.assertEqual((unknown.score, unknown.band), (None, Band.UNKNOWN))
        self.assertIsNone(Health({"a": None}, {"a": 1}).score)

    def test_bands_begin_at_fifty_and_seventy_five_and_halves_go_up(self) -> None:
        for value, band in ((49, Band.RISK), (50, Band.WATCH), (74, Band.WATCH), (75, Band.GOOD)):
            self.assertEqual(Health({"a": value}, {"a": 3}).band, band)
        self.assertEqual(Health({"a": 74, "b": 75}, {"a": 1, "b": 1}).score, 75)

    def test_a_weight_of_nothing_or_less_is_refused(self) -> None:
        for wrong in (0, -1, 1_001, True):
            with self.assertRaisesRegex(DomainError, "whole number from 1") as refused:
                refuse_weights({"a": 1, "b": wrong})
            self.assertEqual(refused.exception.field, "b")
        with self.assertRaises(ValueError):
            Health({"a": 101}, {"a": 1})
        with self.assertRaises(ValueError):
            Health({"a": 1}, {"b": 1})

    def test_what_moved_it_is_the_part_that_went_the_same_way(self) -> None:
        before = Health({"a": 80, "b": 80, "c": 50}, {"a": 2, "b": 1, "c": 1})
        after = Health({"a": 60, "b": 70, "c": 60}, {"a": 2, "b": 1, "c": 1})
        self.assertEqual(moves(before, after), {"a": -10, "b": Fraction(-5, 2), "c": Fraction(5, 2)})
        self.assertEqual(mover(before, after), "a")
        self.assertEqual(mover(after, before), "a")
        self.assertEqual(mover(before, before), "")
        self.assertEqual(moves(Health({"a": None}, {"a": 1}), after), {})

    def test_from_what_is_unknown_only_at_risk_is_a_fall(self) -> None:
        self.assertTrue(fell(Band.GOOD, Band.WATCH))
        self.assertFalse(fell(Band.WATCH, Band.WATCH))
        self.assertFalse(fell(Band.GOOD, Band.UNKNOWN))
        self.assertTrue(fell(Band.UNKNOWN, Band.RISK))
        self.assertFalse(fell(Band.UNKNOWN, Band.WATCH))

    def test_a_cadence_is_kept_until_its_day_and_lost_at_twice_as_many(self) -> None:
        self.assertEqual([nearness(days, 60) for days in (0, 60, 75, 120, 400)], [1, 1, Fraction(3, 4), 0, 0])

    def test_percentages_are_rounded_half_up(self) -> None:
        self.assertEqual([percent(Fraction(n, 200)) for n in (0, 1, 2, 199, 200)], [0, 1, 1, 100, 100])
        with self.assertRaises(ValueError):
            percent(Fraction(3, 2))


class Continuity(TestCase):
    def test_one_who_led_all_year_is_the_whole(self) -> None:
        self.assertEqual(led([(1, of(900), None)], TODAY).value, 1)
        self.assertEqual(led([(1, of(10), None)], TODAY), Led(1, 11, 11, now=True))

    def test_each_change_of_hands_divides_it_and_a_gap_takes_its_days(self) -> None:
        self.assertEqual(led([(1, of(900), of(100)), (2, of(100), None)], TODAY).value, Fraction(1, 2))
        self.assertEqual(led([(1, of(900), of(100)), (1, of(27), None)], TODAY).value, Fraction(292, 365))
        self.assertEqual(led([(1, of(900), of(500)), (2, of(500), None)], TODAY).value, 1)

    def test_nobody_today_is_nothing(self) -> None:
        self.assertEqual(led([(1, of(900), of(0))], TODAY).value, 0)
        self.assertEqual(led([], TODAY).value, 0)
        self.assertEqual(led([(1, TODAY + timedelta(days=1), None)], TODAY), Led(0, 0, 1, now=False))


class Laws(TestCase):
    @given(values, weights, st.integers(0, 4))
    def test_the_score_lies_between_its_values_and_a_stop_never_helps(
        self, said: Values, by: Weights, stops: int
    ) -> None:
        health, more = Health(said, by, stops), Health(said, by, stops + 1)
        known = [value for value in said.values() if value is not None]
        if health.score is not None:
            self.assertTrue(min(known) <= health.score <= max(known))
            self.assertLessEqual(ORDER.index(more.band), ORDER.index(health.band))
            self.assertLessEqual(ORDER.index(health.band), ORDER.index(health.by_score))
        self.assertEqual(health.score is None, health.band is Band.UNKNOWN)
        self.assertEqual(
            sum(value * by[part] for part, value in said.items() if value is not None), health.points
        )

    @given(values, weights, st.integers(2, 9))
    def test_only_how_weights_stand_to_one_another_counts(
        self, said: Values, by: Weights, times: int
    ) -> None:
        more = {part: weight * times for part, weight in by.items()}
        if max(more.values()) <= 1_000:
            self.assertEqual(Health(said, more).score, Health(said, by).score)

    @given(values, values, weights)
    def test_what_moved_adds_up_to_how_far_it_moved(self, then: Values, now: Values, by: Weights) -> None:
        before, after = Health(then, by), Health(now, by)
        if before.exact is not None and after.exact is not None:
            self.assertEqual(sum(moves(before, after).values()), after.exact - before.exact)

    @given(st.fractions(-1_000, 1_000))
    def test_half_up_is_at_most_a_half_away(self, number: Fraction) -> None:
        self.assertTrue(-Fraction(1, 2) < half_up(number) - number <= Fraction(1, 2))
