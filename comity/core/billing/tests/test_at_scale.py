"""The expression for millions of rows says what the definition says: the worked tables, and any line."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar
from unittest import TestCase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.billing import at_scale
from comity.core.billing.at_scale import PARTNERS, PRICES, TIERS, USAGE, Outcome
from comity.core.billing.plans import Plan, Shape, Tier
from comity.core.billing.tests import rating
from comity.core.billing.tests.rating import TABLES, Line, Used, give, said, table, tables
from comity.core.billing.tests.test_plans import STORAGE, tiers
from comity.engines import Engine, EngineError, engine

Answer = tuple[Outcome, Fraction | None, int | None, list[Any]]


class OnDuckDB(TestCase):
    """One engine for a class; what it answers, by the number of the line."""

    engine: ClassVar[Engine]
    folder: ClassVar[Path]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        with ExitStack() as stack:
            cls.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            cls.engine = stack.enter_context(engine(writes=cls.folder, threads=1))
            cls.addClassCleanup(stack.pop_all().close)

    def answers(self, lines: Sequence[Line]) -> list[Answer]:
        give(self.engine, tables(lines))
        parts: dict[int, list[Any]] = defaultdict(list)
        for part in self.engine.fetch(at_scale.parts(*TABLES)).to_pylist():
            exact = at_scale.exact_part(part)
            parts[part["offering"]].append((exact.units, exact.price, exact.amount))
        found = self.engine.fetch(at_scale.lines(*TABLES)).to_pylist()
        self.assertEqual([line["rows"] for line in found], [len(line.rows) for line in lines])
        return [
            (
                Outcome(line["outcome"]),
                Fraction(line["quantity"]) / line["per"] if line["cents"] is not None else None,
                line["cents"],
                parts[line["offering"]],
            )
            for line in found
        ]

    def assert_alike(self, lines: Sequence[Line]) -> None:
        answers = self.answers(lines)
        for line, answer in zip(lines, answers, strict=True):
            if answer != said(line):
                self.assertEqual(answer, said(line), line)


def flat(price: str, **more: Any) -> Plan:
    return Plan(Shape.FLAT, tiers((None, price)), **more)


def used(*quantities: str) -> tuple[Used, ...]:
    return tuple(Used(f"account {place}", Decimal(each)) for place, each in enumerate(quantities))


class Worked(OnDuckDB):
    """The tables of docs/calculations/price-plans.md and at-scale.md, to the cent."""

    def test_every_shape_step_cap_bound_and_part_of_a_month(self) -> None:
        graduated, by_volume = Plan(Shape.GRADUATED, STORAGE), Plan(Shape.VOLUME, STORAGE)
        half_million = Decimal(500_000)
        projects = Plan(Shape.PACKAGE, tiers((None, "2500")), package=half_million, account_cap=25_000_00)
        spent = (Used("", Decimal(0), cost=Decimal("1000.33")),)
        cases = [
            *(
                (Line(graduated, used(q)), cents)
                for q, cents in (("200", 100_00), ("201", 100_40), ("400", 180_00))
            ),
            *(
                (Line(by_volume, used(q)), cents)
                for q, cents in (("200", 100_00), ("201", 80_40), ("400", 160_00))
            ),
            (Line(graduated, used("500")), 205_00),
            (Line(by_volume, used("500")), 125_00),
            (Line(flat("58.30"), used("214")), 12_476_20),
            (Line(Plan.percent_of_spend("8.26"), spent, by_cost=True), 82_63),
            (Line(Plan.cost_plus("25"), used("4321.99"), by_cost=True), 5_402_49),
            (
                Line(Plan(Shape.PACKAGE, tiers((None, "3000")), package=half_million), used("1200000")),
                9_000_00,
            ),
            (Line(flat("80.00", step=Decimal("0.1")), used("1.25")), 104_00),
            (Line(projects, used("6000000", "700000")), 30_000_00),
            (Line(flat("1", minimum=20_00, maximum=50_00), used("0")), 0),
            (Line(flat("1", minimum=20_00, maximum=50_00), used("1")), 20_00),
            (Line(flat("1", minimum=20_00, maximum=50_00), used("51")), 50_00),
            (Line(flat("58.30"), (Used("", Decimal(3), days=10),)), 56_42),
            (Line(flat("0.01"), used("0.5", "0.5", "0.5")), 2),
            (Line(flat("0.125"), used("1")), 13),
            (Line(flat("1.005"), used("1")), 101),
        ]
        lines = [line for line, _cents in cases]
        self.assertEqual(
            [cents for _o, _q, cents, _p in self.answers(lines)], [cents for _line, cents in cases]
        )
        self.assert_alike(lines)


class AnyLine(OnDuckDB):
    @pytest.mark.slow
    @settings(max_examples=15, deadline=None)
    @given(st.lists(rating.lines, min_size=1, max_size=25))
    def test_it_costs_what_the_definition_says(self, lines: list[Line]) -> None:
        self.assert_alike(lines)

    def test_the_largest_quantity_and_the_largest_price(self) -> None:
        most, dearest = Decimal("99999999999999.9999"), Decimal("999999999999.999999")
        self.assert_alike(
            [
                Line(Plan.flat("0.000001"), (Used("", most, days=30),)),
                Line(Plan.flat(dearest), (Used("", Decimal("0.0001")),)),
                Line(Plan(Shape.GRADUATED, (Tier(most, Decimal("0.01")), Tier(None, dearest))), used("1")),
                Line(flat("0.01", step=Decimal("0.0001")), (Used("", most),)),
                Line(Plan.flat("1"), (Used("", Decimal(0), cost=Decimal("0.00499999999")),), by_cost=True),
                Line(Plan.flat("1"), (Used("", Decimal(0), cost=Decimal("0.005")),), by_cost=True),
            ]
        )


class Refused(OnDuckDB):
    def test_what_is_too_large_is_refused_and_never_wraps(self) -> None:
        most = Used("", Decimal("99999999999999.9999"))
        for line in (
            Line(Plan.flat("999999999999"), (most,)),  # cents beyond 64 bits
            Line(Plan.flat("999999999999.999999"), (most,) * 4),  # more than 38 digits on the way there
            Line(Plan.flat("1"), (Used("", Decimal(0), cost=Decimal(10**20)),), by_cost=True),
        ):
            give(self.engine, tables([line]))
            with self.subTest(line), self.assertRaisesRegex(EngineError, "too large to be exact"):
                self.engine.fetch(at_scale.lines(*TABLES))

    def test_what_has_no_price_is_counted_and_says_why(self) -> None:
        below = Line(Plan.flat("1"), used("-3"))
        beyond = Line(Plan.flat("1"), (Used("", Decimal(1), days=32),), date(2026, 3, 1))
        capped = Line(flat("1", account_cap=5), used("5", "-1"))
        answers = self.answers([below, beyond, capped])
        self.assertEqual(
            [(outcome, cents) for outcome, _quantity, cents, _parts in answers],
            [(Outcome.BELOW_ZERO, None), (Outcome.NO_PART, None), (Outcome.BELOW_ZERO, None)],
        )
        self.assertEqual([parts for _o, _q, _c, parts in answers], [[], [], []])

    def test_a_credit_of_money_passed_on_mirrors_its_charge(self) -> None:
        plan, cost = Plan.percent_of_spend("108.26"), Decimal("2.61370000000")
        charge, credit = (
            Line(plan, (Used("", Decimal(0), cost=money),), by_cost=True) for money in (cost, -cost)
        )
        self.assertEqual([cents for _o, _q, cents, _p in self.answers([charge, credit])], [283, -283])
        self.assert_alike([charge, credit])


class LeftOut(OnDuckDB):
    """What no plan at hand makes use of need not be asked of each row."""

    def test_a_plan_with_a_rule_that_was_left_out_has_no_rate(self) -> None:
        stepped, spent = flat("1", step=Decimal(1)), (Used("", Decimal(1), cost=Decimal(2)),)
        lines = [
            Line(flat("1"), used("1", "2.5")),
            Line(stepped, used("0.5")),
            Line(flat("1"), spent, by_cost=True),
        ]
        give(self.engine, tables(lines))
        for rules, cents in (
            (at_scale.Rules(), [350, 100, 200]),
            (at_scale.Rules(by_account=False), [350, None, 200]),
            (at_scale.Rules(by_cost=False), [350, 100, None]),
            (at_scale.Rules(by_account=False, by_cost=False), [350, None, None]),
        ):
            with self.subTest(rules):
                found = self.engine.fetch(at_scale.lines(*TABLES, rules))
                self.assertEqual(found["cents"].to_pylist(), cents)
                self.assertEqual(found["rows"].to_pylist(), [2, 1, 1])


class Versions(OnDuckDB):
    """Which rate holds is asked for each row's day, by the class of its partner."""

    def test_each_row_is_in_one_line_rated_or_not(self) -> None:
        day, none = date(2026, 3, 31), {"customer_class": 0, "offering": 1, "by_cost": False, "shape": "flat"}
        prices = [
            {**none, "version": 1, "starts_on": date(2026, 3, 10), "ends_on": date(2026, 3, 19)},
            {**none, "version": 2, "starts_on": date(2026, 3, 20), "ends_on": None},
            {**none, "version": 3, "starts_on": date(2026, 3, 10), "ends_on": None, "customer_class": 1},
            {**none, "version": 4, "starts_on": date(2026, 1, 1), "ends_on": None, "offering": 3},  # no tiers
        ]
        of = {"belongs_to": date(2026, 3, 1), "used": Decimal(1), "account": ""}
        usage = [
            {**of, "partner": partner, "offering": offering, "on_day": on_day}
            for partner, offering, on_day in (
                *((1, 1, date(2026, 3, number)) for number in (9, 10, 19, 20, 31)),
                *((2, 1, day), (1, 2, day), (9, 1, day), (1, 3, day)),
            )
        ]
        give(
            self.engine,
            {
                "usage": table(USAGE, usage),
                "partners": table(PARTNERS, [{"partner": n, "customer_class": n - 1} for n in (1, 2)]),
                "prices": table(PRICES, prices),
                "tiers": table(
                    TIERS,
                    [
                        {"version": number, "ordinal": 0, "above": Decimal(0), "price": Decimal(number)}
                        for number in (1, 2, 3)
                    ],
                ),
            },
        )
        found = self.engine.fetch(at_scale.lines(*TABLES)).to_pylist()
        self.assertEqual(
            [
                (
                    line["partner"],
                    line["offering"],
                    line["version"],
                    line["rows"],
                    line["cents"],
                    line["outcome"],
                )
                for line in found
            ],
            [
                (1, 1, 1, 2, 2_00, "rated"),
                (1, 1, 2, 2, 4_00, "rated"),
                (1, 1, None, 1, None, "no rate"),
                (1, 2, None, 1, None, "no rate"),
                (1, 3, 4, 1, None, "no rate"),
                (2, 1, 3, 1, 3_00, "rated"),
                (9, 1, None, 1, None, "no rate"),
            ],
        )
