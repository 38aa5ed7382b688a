"""Which month's bills usage comes onto."""

from __future__ import annotations

from datetime import date
from unittest import TestCase

from comity.core.billing.months import Months

JULY, AUGUST, SEPTEMBER, OCTOBER = (date(2026, month, 1) for month in (7, 8, 9, 10))


class TheMonthOfABill(TestCase):
    def test_an_open_month_and_one_that_nothing_is_known_of_have_their_own(self) -> None:
        self.assertEqual(Months({}, OCTOBER)(JULY), JULY)
        self.assertEqual(Months({JULY: False, AUGUST: True}, OCTOBER)(JULY), JULY)
        self.assertEqual(Months({JULY: True}, OCTOBER)(SEPTEMBER), SEPTEMBER)

    def test_of_a_closed_month_it_comes_late_with_the_first_that_is_open_after_it(self) -> None:
        self.assertEqual(Months({JULY: True, AUGUST: True, SEPTEMBER: False}, OCTOBER)(JULY), SEPTEMBER)
        self.assertEqual(Months({JULY: True, AUGUST: True}, OCTOBER)(JULY), SEPTEMBER)
        self.assertEqual(Months({AUGUST: True}, OCTOBER)(JULY), SEPTEMBER)

    def test_what_has_not_begun_and_what_is_long_past_is_not_billed(self) -> None:
        months = Months({}, SEPTEMBER)
        self.assertEqual((months(OCTOBER), months(date(2023, 8, 1))), (None, None))
        self.assertEqual(months(date(2023, 9, 1)), date(2023, 9, 1))
