"""Fiscal years: named by the year in which they end."""

from __future__ import annotations

from datetime import date
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.fiscal import FiscalYear

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
months = st.integers(1, 12)


class Examples(TestCase):
    def test_a_year_from_july_is_named_by_its_end(self) -> None:
        year = FiscalYear.of(date(2026, 7, 1), 7)
        self.assertEqual(str(year), "FY 2027")
        self.assertEqual((year.first_day, year.last_day), (date(2026, 7, 1), date(2027, 6, 30)))
        self.assertEqual(str(FiscalYear.of(date(2026, 6, 30), 7)), "FY 2026")

    def test_a_year_from_january_is_the_calendar_year(self) -> None:
        year = FiscalYear.of(date(2026, 11, 23), 1)
        self.assertEqual((year.first_day, year.last_day), (date(2026, 1, 1), date(2026, 12, 31)))
        self.assertEqual(year.ends_in, 2026)

    def test_quarters_count_from_its_own_start(self) -> None:
        year = FiscalYear(2027, 7)
        self.assertEqual(
            [year.quarter(month) for month in year.months()], [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
        )
        with self.assertRaisesRegex(ValueError, "not in FY 2027"):
            year.quarter(date(2027, 7, 1))

    def test_a_month_that_is_none_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "no month 13"):
            FiscalYear(2027, 13)


class Laws(TestCase):
    @given(days, months)
    def test_each_day_lies_in_exactly_the_year_it_belongs_to(self, day: date, month: int) -> None:
        year = FiscalYear.of(day, month)
        self.assertIn(day, year)
        self.assertNotIn(day, year.next())
        self.assertNotIn(day, year.previous())
        self.assertEqual(year.ends_in, year.last_day.year)

    @given(st.integers(1990, 2060), months)
    def test_years_follow_each_other_without_a_gap(self, ends_in: int, month: int) -> None:
        year = FiscalYear(ends_in, month)
        self.assertEqual((year.next().first_day - year.last_day).days, 1)
        self.assertEqual(year.next().previous(), year)
        self.assertIn((year.last_day - year.first_day).days, {364, 365})

    @given(st.integers(1990, 2060), months)
    def test_a_year_has_twelve_months_of_its_own(self, ends_in: int, month: int) -> None:
        year = FiscalYear(ends_in, month)
        self.assertEqual(len({first for first in year.months() if first in year}), 12)
