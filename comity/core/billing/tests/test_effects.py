"""What bills would change by: at two plans, and by two amounts."""

from __future__ import annotations

from decimal import Decimal
from unittest import TestCase

from comity.core.billing.effects import Change, at_plans, effects, of_amounts
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

    def test_a_class_keeps_its_price_and_what_has_none_today_is_told(self) -> None:
        two = [Decimal(2)]
        used = {7: {1: two, 2: two}, 8: {1: two}, 9: {1: two}}
        prices: dict[tuple[int, int], Plan | int]
        prices = {(7, 0): Plan.flat("4"), (7, 5): Plan.flat("3"), (8, 0): 90_00}
        found = effects(used, {2: 5}, prices, {7: Plan.flat("5"), 8: 60_00, 9: Plan.flat("1")})
        self.assertEqual(found.partners, {1: Change(98_00, 70_00), 2: Change(6_00, 6_00)})
        self.assertEqual(found.offerings, {7: Change(14_00, 16_00), 8: Change(90_00, 60_00)})
        self.assertEqual((found.without, found.together), ({9}, Change(104_00, 76_00)))
