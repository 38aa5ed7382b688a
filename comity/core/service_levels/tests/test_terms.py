"""Availability of a month, and credits: worked by hand in docs/calculations/service-levels.md."""

from __future__ import annotations

from decimal import Decimal
from unittest import TestCase

from comity.core.service_levels import availability, credit

DAY, MINUTE = 86_400, 60


class Availability(TestCase):
    def test_of_thirty_days_43_minutes_and_12_seconds_are_one_in_a_thousand(self) -> None:
        for percent, tenths in (("99.9", 432), ("99.5", 2160), ("99.0", 4320)):
            up = availability(0, 30 * DAY, [(0, tenths * 6)], [])
            self.assertEqual(up.percent, Decimal(percent))

    def test_what_was_announced_is_neither_promised_nor_down(self) -> None:
        up = availability(0, 30 * DAY, [(DAY, DAY + 7200), (DAY + 3600, DAY + 10_800)], [(DAY, DAY + 3600)])
        self.assertEqual(up, (30 * DAY - 3600, 7200))

    def test_what_lies_outside_of_the_month_does_not_count(self) -> None:
        self.assertEqual(availability(DAY, 2 * DAY, [(0, DAY + 60), (3 * DAY, 4 * DAY)], []), (DAY, 60))

    def test_a_month_that_was_maintenance_alone_ran_all_the_time_promised(self) -> None:
        self.assertEqual(availability(0, DAY, [(0, DAY)], [(0, DAY)]).percent, 100)


class Credit(TestCase):
    def test_a_quarter_of_what_is_at_risk_of_200_000_dollars_is_6_000(self) -> None:
        self.assertEqual(credit(20_000_000, Decimal(12), Decimal(25)), 600_000)

    def test_never_more_than_is_at_risk(self) -> None:
        self.assertEqual(credit(20_000_000, Decimal(12), Decimal(140)), 2_400_000)

    def test_half_a_cent_is_rounded_up_once(self) -> None:
        self.assertEqual(credit(1_000, Decimal(1), Decimal(5)), 1)
