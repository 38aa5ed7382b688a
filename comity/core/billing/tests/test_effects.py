"""What bills would change by: at two plans, and by two amounts."""

from __future__ import annotations

from decimal import Decimal
from unittest import TestCase

from comity.core.billing.effects import Change, at_plans, of_amounts
from comity.core.billing.plans import Plan, Shape, Tier

HALF_CENTS = Plan.flat("0.005")
TIERED = Plan(Shape.GRADUATED, (Tier(Decimal(60), Decimal(10)), Tier(None, Decimal(5))))


class Effects(TestCase):
    def test_one_price_is_asked_at_once_and_tiers_month_by_month(self) -> None:
        change = at_plans([Decimal(101), Decimal(101)], HALF_CENTS, TIERED)
        self.assertEqual(change, Change(1_01, 2 * (600_00 + 205_00)))
        self.assertEqual(change.more, 1_608_99)

    def test_started_steps_count_in_each_month(self) -> None:
        stepped = Plan(Shape.FLAT, (Tier(None, Decimal(1)),), step=Decimal(10))
        self.assertEqual(at_plans([Decimal(1), Decimal(1)], stepped, Plan.flat("1")), Change(20_00, 2_00))

    def test_amounts_are_split_by_the_figures_of_all_months(self) -> None:
        figures = {1: [Decimal(20), Decimal(10)], 2: [Decimal(15)]}
        self.assertEqual(
            of_amounts(figures, 90_00, 180_01), {1: Change(60_00, 120_01), 2: Change(30_00, 60_00)}
        )
        self.assertEqual(of_amounts({1: [Decimal(0)]}, 90_00, 180_00), {})

    def test_changes_add_up(self) -> None:
        self.assertEqual(sum([Change(1, 2), Change(3, 5)], Change()), Change(4, 7))
