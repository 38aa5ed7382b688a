"""Counting in open days: the worked example of docs/calculations/business-time.md, and the laws."""

from __future__ import annotations

import time
from datetime import date, timedelta
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.business_time import BusinessCalendar

THANKSGIVING = date(2026, 11, 26)
DAY_AFTER = date(2026, 11, 27)

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
calendars = st.builds(
    BusinessCalendar,
    closed_days=st.frozensets(days, max_size=40),
    weekend=st.frozensets(st.integers(0, 6), max_size=6),
)


class WorkedExample(TestCase):
    """Thanksgiving week of 2026; the office also closes on the Friday after."""

    calendar = BusinessCalendar(closed_days=frozenset({THANKSGIVING, DAY_AFTER}))

    def test_five_open_days_after_monday_pass_over_the_holiday_and_the_weekend(self) -> None:
        self.assertEqual(self.calendar.add_days(date(2026, 11, 23), 5), date(2026, 12, 2))

    def test_the_way_there_is_counted_alike(self) -> None:
        self.assertEqual(self.calendar.days_between(date(2026, 11, 23), date(2026, 12, 2)), 5)

    def test_what_is_heard_on_a_saturday_counts_from_monday(self) -> None:
        self.assertEqual(self.calendar.add_days(date(2026, 11, 21), 1), date(2026, 11, 23))

    def test_holidays_and_weekends_are_closed(self) -> None:
        self.assertFalse(self.calendar.is_open(THANKSGIVING))
        self.assertFalse(self.calendar.is_open(date(2026, 11, 28)))
        self.assertTrue(self.calendar.is_open(date(2026, 11, 25)))

    def test_no_open_days_lie_between_friday_and_sunday(self) -> None:
        self.assertEqual(self.calendar.days_between(date(2026, 11, 20), date(2026, 11, 22)), 0)

    def test_a_week_without_an_open_day_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "open on some weekday"):
            BusinessCalendar(weekend=frozenset(range(7)))


class Laws(TestCase):
    @given(calendars, days, st.integers(-300, 300))
    def test_adding_and_counting_agree(self, calendar: BusinessCalendar, day: date, n: int) -> None:
        there = calendar.add_days(day, n)
        if n >= 0:
            self.assertEqual(calendar.days_between(day, there), n)
        else:
            # Counting leaves out its start and takes its end along, so it must be a day on which one can end.
            self.assertEqual(calendar.days_between(there - timedelta(days=1), day - timedelta(days=1)), -n)

    @given(calendars, days, st.integers(1, 300))
    def test_what_is_due_is_due_on_an_open_day(self, calendar: BusinessCalendar, day: date, n: int) -> None:
        self.assertTrue(calendar.is_open(calendar.add_days(day, n)))
        self.assertTrue(calendar.is_open(calendar.add_days(day, -n)))

    @given(calendars, days, days, days)
    def test_a_way_is_as_long_as_its_parts(
        self, calendar: BusinessCalendar, a: date, b: date, c: date
    ) -> None:
        between = calendar.days_between
        self.assertEqual(between(a, b) + between(b, c), between(a, c))

    @given(calendars, days, st.integers(0, 500))
    def test_counting_is_looking_at_each_day(self, calendar: BusinessCalendar, day: date, span: int) -> None:
        each = (day + timedelta(days=n) for n in range(1, span + 1))
        self.assertEqual(
            calendar.days_between(day, day + timedelta(days=span)), sum(map(calendar.is_open, each))
        )

    @given(calendars, days, st.integers(0, 100), st.integers(0, 100))
    def test_days_can_be_added_in_steps(
        self, calendar: BusinessCalendar, day: date, one: int, two: int
    ) -> None:
        self.assertEqual(
            calendar.add_days(calendar.add_days(day, one), two), calendar.add_days(day, one + two)
        )

    def test_counting_over_centuries_is_quick(self) -> None:
        calendar = BusinessCalendar(frozenset({THANKSGIVING}))
        began = time.perf_counter()
        for _ in range(1000):
            calendar.days_between(date(1800, 1, 1), date(2200, 1, 1))
        self.assertLess(time.perf_counter() - began, 1)
