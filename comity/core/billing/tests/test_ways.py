"""Ways of pricing: what was answered gives the plan, and the plan the answers."""

from __future__ import annotations

from decimal import Decimal
from unittest import TestCase

from comity.core.billing.plans import Plan, PlanError, Shape, Terms, Tier
from comity.core.billing.ways import ASKS, Way, answers, plan_from, way_of

TIERS = (Tier(Decimal(200), Decimal("0.5")), Tier(None, Decimal("0.25")))
SAID: tuple[tuple[Way, Terms, bool], ...] = (
    (Way.FLAT, Plan(Shape.FLAT, (Tier(None, Decimal(4)),), step=Decimal("0.1"), account_cap=500), False),
    (Way.GRADUATED, Plan(Shape.GRADUATED, TIERS, minimum=500), False),
    (Way.VOLUME, Plan(Shape.VOLUME, TIERS, step=Decimal(10)), False),
    (Way.PACKAGE, Plan(Shape.PACKAGE, (Tier(None, Decimal(2500)),), package=Decimal(500_000)), False),
    (Way.PERCENT, Plan.percent_of_spend("8.26"), True),
    (Way.COST_PLUS, Plan.cost_plus("25"), True),
    (Way.COST_PLUS, Plan.cost_plus(), True),
    (Way.SHARED, 120_000_00, False),
)


class Ways(TestCase):
    def test_what_was_answered_gives_the_plan_again(self) -> None:
        for way, price, of_cost in SAID:
            with self.subTest(way):
                self.assertEqual(way_of(price, of_cost=of_cost), way)
                if isinstance(price, Plan):
                    said = answers(price, way)
                    asked = {name: value for name, value in said.items() if name in ASKS[way]}
                    self.assertEqual(plan_from(way, asked), price)

    def test_a_percentage_is_said_as_one(self) -> None:
        self.assertEqual(answers(Plan.percent_of_spend("8.26"), Way.PERCENT)["percent"], Decimal("8.26"))
        self.assertEqual(answers(Plan.cost_plus(), Way.COST_PLUS)["percent"], 0)

    def test_a_tier_without_a_price_is_refused(self) -> None:
        with self.assertRaisesRegex(PlanError, "Each tier has a price."):
            plan_from(Way.GRADUATED, {"tiers": [{"up_to": Decimal(5), "price": None}]})

    def test_what_is_wrong_is_said_of_what_was_asked(self) -> None:
        below = {
            "price": Decimal(-1),
            "percent": Decimal(-5),
            "tiers": [{"up_to": None, "price": Decimal(-1)}],
        }
        for way, field in ((Way.FLAT, "price"), (Way.PERCENT, "percent"), (Way.VOLUME, "tiers")):
            with self.subTest(way), self.assertRaises(PlanError) as refused:
                plan_from(way, below)
            self.assertEqual(refused.exception.field, field)
