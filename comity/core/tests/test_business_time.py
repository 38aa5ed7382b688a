"""Counting in open days: the worked example of docs/calculations/business-time.md, and the laws."""

from __future__ import annotations

from datetime import date, timedelta
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.business_time import BusinessCalendar

THANKSGIVING = date(2026, 11, 26)
DAY_AFTER = date(2026, 11, 27)
A_DAY = timedelta(days=1)

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
calendars = st.builds(
    BusinessCalendar,
    closed_days=st.frozensets(days, max_size=40),
    weekend=st.frozensets(st.integers(0, 6), max_size=6),
)


def days_from(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


class WorkedExample(TestCase):
    """Thanksgiving week of 2026; the office also closes on the Friday after."""

    calendar = BusinessCalendar(closed_days=frozenset({THANKSGIVING, DAY_AFTER}))

    def test_five_open_days_after_monday_pass_over_the_holiday_and_the_weekend(self) -> None:
        self.assertEqual(self.calendar.add_days(date(2026, 11, 23), 5), date(2026, 12, 2))

    def test_what_is_heard_on_a_saturday_counts_from_monday(self) -> None:
        self.assertEqual(self.calendar.add_days(date(2026, 11, 21), 1), date(2026, 11, 23))

    def test_holidays_and_weekends_are_closed(self) -> None:
        self.assertFalse(self.calendar.is_open(THANKSGIVING))
        self.assertFalse(self.calendar.is_open(date(2026, 11, 28)))
        self.assertTrue(self.calendar.is_open(date(2026, 11, 25)))

    def test_no_day_later_is_the_day_itself_open_or_not(self) -> None:
        self.assertEqual(self.calendar.add_days(THANKSGIVING, 0), THANKSGIVING)

    def test_a_week_without_an_open_day_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "^An office has to be open on some weekday"):
            BusinessCalendar(weekend=frozenset(range(7)))


class Laws(TestCase):
    @given(calendars, days, st.integers(1, 300))
    def test_as_many_open_days_lie_on_the_way_as_were_added(
        self, calendar: BusinessCalendar, day: date, n: int
    ) -> None:
        later, earlier = calendar.add_days(day, n), calendar.add_days(day, -n)
        self.assertEqual(sum(map(calendar.is_open, days_from(day + A_DAY, later))), n)
        self.assertEqual(sum(map(calendar.is_open, days_from(earlier, day - A_DAY))), n)

    @given(calendars, days, st.integers(1, 300))
    def test_what_is_due_is_due_on_an_open_day(self, calendar: BusinessCalendar, day: date, n: int) -> None:
        self.assertTrue(calendar.is_open(calendar.add_days(day, n)))
        self.assertTrue(calendar.is_open(calendar.add_days(day, -n)))

    @given(calendars, days, st.integers(0, 100), st.integers(0, 100))
    def test_days_can_be_added_in_steps(
        self, calendar: BusinessCalendar, day: date, one: int, two: int
    ) -> None:
        self.assertEqual(
            calendar.add_days(calendar.add_days(day, one), two), calendar.add_days(day, one + two)
        )
