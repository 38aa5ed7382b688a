"""Fiscal years: named by the year in which they end."""

from __future__ import annotations

from datetime import date
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.fiscal import FiscalYear, days_of, month_after, within, year_until

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
months = st.integers(1, 12)


class Months(TestCase):
    def test_the_months_around_a_year_s_end_follow_one_another(self) -> None:
        december, january = date(2026, 12, 1), date(2027, 1, 1)
        self.assertEqual((month_after(december), month_after(january, -1)), (january, december))
        self.assertEqual(
            (month_after(january, -12), month_after(january, 14)), (date(2026, 1, 1), date(2028, 3, 1))
        )

    @given(days, st.integers(-400, 400))
    def test_there_and_back_is_the_same_month(self, day: date, count: int) -> None:
        first = day.replace(day=1)
        self.assertEqual(month_after(month_after(first, count), -count), first)


class Spans(TestCase):
    def test_a_day_lies_in_a_span_up_to_its_ends_which_may_be_open(self) -> None:
        first, last = date(2026, 7, 1), date(2026, 7, 31)
        for day in (first, last):
            self.assertTrue(within(day, first, last))
        self.assertTrue(within(date(1999, 1, 1), None, last) and within(date(2060, 1, 1), first, None))
        self.assertFalse(within(date(2026, 8, 1), first, last) or within(date(2026, 6, 30), first, None))

    def test_twelve_months_until_the_last_day_of_one(self) -> None:
        self.assertEqual(year_until(date(2026, 10, 31)), (date(2025, 11, 1), date(2026, 10, 31)))
        self.assertEqual(year_until(date(2024, 2, 29))[0], date(2023, 3, 1))


class Examples(TestCase):
    def test_a_year_from_july_is_named_by_its_end(self) -> None:
        year = FiscalYear.of(date(2026, 7, 1), 7)
        self.assertEqual(str(year), "FY 2027")
        self.assertEqual((year.first_day, year.last_day), (date(2026, 7, 1), date(2027, 6, 30)))
        self.assertEqual(str(FiscalYear.of(date(2026, 6, 30), 7)), "FY 2026")
        self.assertEqual(str(year.before), "FY 2026")

    def test_a_year_from_january_is_the_calendar_year(self) -> None:
        year = FiscalYear.of(date(2026, 11, 23), 1)
        self.assertEqual((year.first_day, year.last_day), (date(2026, 1, 1), date(2026, 12, 31)))
        self.assertEqual(year.ends_in, 2026)

    def test_a_year_from_february_ends_with_january(self) -> None:
        self.assertEqual(FiscalYear.of(date(2027, 1, 31), 2).first_day, date(2026, 2, 1))
        self.assertEqual(FiscalYear.of(date(2027, 2, 1), 2).last_day, date(2028, 1, 31))

    def test_the_last_of_february_is_the_29th_in_a_leap_year(self) -> None:
        self.assertEqual(FiscalYear.of(date(2028, 2, 29), 3).last_day, date(2028, 2, 29))

    def test_a_month_that_is_none_is_refused(self) -> None:
        for month in (0, 13):
            with self.assertRaisesRegex(ValueError, f"no month {month}"):
                FiscalYear(2027, month)


class Laws(TestCase):
    @given(days, months)
    def test_each_day_lies_in_exactly_the_year_it_belongs_to(self, day: date, month: int) -> None:
        year = FiscalYear.of(day, month)
        self.assertTrue(year.first_day <= day <= year.last_day)
        self.assertEqual((year.ends_in, year.first_day.month), (year.last_day.year, month))

    @given(days, months)
    def test_the_months_from_a_day_end_with_the_year(self, day: date, month: int) -> None:
        year = FiscalYear.of(day, month)
        left = year.months_from(day)
        self.assertEqual((left[0], days_of(left[-1])[-1]), (day.replace(day=1), year.last_day))
        self.assertEqual(year.months_from(year.first_day)[-len(left) :], left)

    @given(st.integers(1990, 2060), months)
    def test_years_follow_each_other_without_a_gap(self, ends_in: int, month: int) -> None:
        year, following = FiscalYear(ends_in, month), FiscalYear(ends_in + 1, month)
        self.assertEqual((following.first_day - year.last_day).days, 1)
        self.assertIn((year.last_day - year.first_day).days, {364, 365})
