"""When seasons come: the laws of their times, and days worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.seasons import next_time, times

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
lengths = st.integers(0, 363)


class Seasons(TestCase):
    def test_one_over_the_turn_of_the_year_comes_every_year(self) -> None:
        first, last = date(2024, 12, 15), date(2025, 1, 20)
        for today, year in ((date(2031, 1, 5), 2030), (date(2031, 1, 21), 2031)):
            found = next_time(first, last, yearly=True, today=today)
            self.assertEqual(found, (date(year, 12, 15), date(year + 1, 1, 20)))

    def test_leap_day_is_the_day_before_march_in_other_years(self) -> None:
        leap = date(2024, 2, 29)
        self.assertEqual(
            next_time(leap, leap, yearly=True, today=date(2026, 1, 1)), (date(2026, 2, 28), date(2026, 2, 28))
        )

    def test_one_that_comes_once_is_over_after_its_last_day(self) -> None:
        first, last = date(2026, 3, 2), date(2026, 3, 4)
        self.assertEqual(next_time(first, last, yearly=False, today=last), (first, last))
        self.assertIsNone(next_time(first, last, yearly=False, today=date(2026, 3, 5)))

    def test_what_is_no_season_is_refused(self) -> None:
        for last in (date(2026, 1, 1), date(2027, 1, 2)):
            with self.assertRaises(ValueError):
                next_time(date(2026, 1, 2), last, yearly=True, today=date(2026, 1, 1))

    @given(days, lengths, days)
    def test_the_next_time_is_not_over_and_none_lies_between(
        self, first: date, length: int, today: date
    ) -> None:
        found = next_time(first, first + timedelta(length), yearly=True, today=today)
        assert found is not None
        start, end = found
        self.assertGreaterEqual(end, today)
        self.assertLessEqual((start - today).days, 366)

    @given(days, lengths, days, st.integers(0, 800))
    def test_times_touch_the_days_asked_for_in_order_and_never_overlap(
        self, first: date, length: int, begins: date, span: int
    ) -> None:
        ends = begins + timedelta(span)
        found = list(times(first, first + timedelta(length), yearly=True, begins=begins, ends=ends))
        for start, end in found:
            self.assertTrue(start <= ends and end >= begins)
        for (_start, end), (start, _end) in pairwise(found):
            self.assertLess(end, start)
