"""Prices as people write them in a list; what a rate sheet says is read again in rates/tests/test_sheet.py."""

from __future__ import annotations

from decimal import Decimal
from unittest import TestCase

from comity.core.billing.plans import Plan, PlanError, Shape, Tier
from comity.core.billing.price_lists import Price, read_price

TIERS = (Tier(Decimal(200), Decimal("0.5")), Tier(None, Decimal("0.25")))
BOXES = Plan(Shape.PACKAGE, (Tier(None, Decimal(2500)),), package=Decimal(500_000), account_cap=2_500_000)
STEPS = Plan(Shape.FLAT, (Tier(None, Decimal(75)),), step=Decimal("0.1"), minimum=500)


class Reading(TestCase):
    def test_each_way_of_charging_is_read(self) -> None:
        for text, price in (
            ("58.30", Price(Plan.flat("58.30"))),
            ("$0.50 up to 200; $.25 above 200", Price(Plan(Shape.GRADUATED, TIERS))),
            ("$0.50 for all if up to 200; 0.25 for all if above 200", Price(Plan(Shape.VOLUME, TIERS))),
            ("$2,500 for each started 500,000; at most $25,000.00 per account", Price(BOXES)),
            ("$75; counted in steps of 0.1; at least $5 a month", Price(STEPS)),
            ("8.26 %", Price(Plan.percent_of_spend("8.26"), of_cost=True)),
            ("Cost + 25%", Price(Plan.cost_plus("25"), of_cost=True)),
            ("at cost", Price(Plan.cost_plus(), of_cost=True)),
            ("$120,000 a year, split by Headcount", Price(annual_cents=12_000_000, split_by="headcount")),
        ):
            with self.subTest(text):
                self.assertEqual(read_price(text), price)

    def test_what_is_no_price_gets_a_sentence(self) -> None:
        for text, words in (
            ("free", "We cannot read “free” as a price. Write it like"),
            ("$1; $2", "We cannot read"),
            ("at least $5 a month", "We cannot read"),
            ("$1 up to 5; $2 for all if above 5", "We cannot read"),
            ("-1", "A price is zero or more"),
            ("$1 up to 5; $2 above 6", "The last tier begins where the one before it ends."),
            ("$1; at least 0.001 a month", "“0.001” is not an amount in dollars."),
        ):
            with self.subTest(text), self.assertRaisesRegex(PlanError, words):
                read_price(text)
