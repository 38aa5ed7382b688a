"""A rate, and what a wrong forecast does to it."""

from __future__ import annotations

from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.billing.plans import PlanError
from comity.core.billing.rates import Rate


class Rates(TestCase):
    RATE = Rate(allocated=1_200_000_00, carry_forward=-34_000_00, forecast=Decimal(20_000))

    def test_the_worked_table(self) -> None:
        self.assertEqual(self.RATE.to_recover, 1_166_000_00)
        self.assertEqual(self.RATE.price, Decimal("58.30"))
        self.assertEqual(
            self.RATE.sensitivity(misses=(-10, 0, 5)),
            [
                (-10, Decimal(18_000), -116_600_00),
                (0, Decimal(20_000), 0),
                (5, Decimal(21_000), 58_300_00),
            ],
        )

    def test_a_price_rounded_by_the_office_says_what_it_misses(self) -> None:
        self.assertEqual(
            self.RATE.sensitivity(Decimal("58.00"), misses=(0,)), [(0, Decimal(20_000), -6_000_00)]
        )

    def test_a_price_has_six_decimals_half_up(self) -> None:
        self.assertEqual(Rate(100, 0, Decimal(3)).price, Decimal("0.333333"))
        self.assertEqual(Rate(200, 0, Decimal(3)).price, Decimal("0.666667"))

    @given(st.integers(0, 10**12), st.integers(0, 10**12), st.decimals("0.0001", 10**9, places=4))
    def test_at_the_forecast_no_more_is_missed_than_the_sixth_decimal(
        self, allocated: int, carried: int, forecast: Decimal
    ) -> None:
        rate = Rate(allocated, carried, forecast)
        [(_miss, units, over)] = rate.sensitivity(misses=(0,))
        self.assertEqual(units, forecast)
        self.assertLessEqual(abs(over), forecast * 100 * Decimal("0.0000005") + 1)

    def test_no_forecast_and_no_cost_are_refused(self) -> None:
        with self.assertRaisesRegex(PlanError, "more than zero units"):
            Rate(1, 0, Decimal(0))
        with self.assertRaisesRegex(PlanError, "More was paid ahead"):
            Rate(1, -2, Decimal(1))
