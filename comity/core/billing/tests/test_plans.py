"""Price plans: the worked tables, the rates that states have published, and laws over any plan."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from unittest import TestCase

from hypothesis import assume, given
from hypothesis import strategies as st

from comity.core.billing.money import half_up, split_cents
from comity.core.billing.plans import (
    Part,
    Plan,
    PlanError,
    Shape,
    Tier,
    is_dearer,
    prorated,
    quantity,
    rate,
)

prices = st.decimals(0, 10**5, places=6)
quantities = st.decimals(0, 10**7, places=4)
accounts = st.dictionaries(st.text(max_size=2), quantities, max_size=6)
bounds = st.none() | st.integers(0, 10**9)
steps = st.none() | st.sampled_from([Decimal("0.1"), Decimal(1), Decimal(500)])


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    shape = draw(st.sampled_from(Shape))
    ends = sorted(draw(st.sets(st.decimals("0.0001", 10**6, places=4), max_size=4)))
    if shape in {Shape.FLAT, Shape.PACKAGE}:
        ends = []
    tiers = tuple(Tier(end, draw(prices)) for end in [*ends, None])
    package = draw(st.decimals("0.0001", 10**4, places=4)) if shape == Shape.PACKAGE else None
    cap = draw(bounds) if not ends and shape != Shape.GRADUATED and shape != Shape.VOLUME else None
    minimum, maximum = draw(bounds), draw(bounds)
    assume(minimum is None or maximum is None or minimum <= maximum)
    return Plan(shape, tiers, package, draw(steps), cap, minimum, maximum)


def tiers(*said: tuple[str | None, str]) -> tuple[Tier, ...]:
    return tuple(Tier(None if end is None else Decimal(end), Decimal(price)) for end, price in said)


def cost(plan: Plan, used: str) -> int:
    return rate(plan, {"": Decimal(used)}).cents


STORAGE = tiers(("200", "0.50"), ("400", "0.40"), (None, "0.25"))


class Shapes(TestCase):
    def test_graduated_charges_each_tier_at_its_own_price(self) -> None:
        plan = Plan(Shape.GRADUATED, STORAGE)
        for used, cents in (
            ("0", 0),
            ("200", 100_00),
            ("200.0001", 100_00),
            ("400", 180_00),
            ("500", 205_00),
        ):
            with self.subTest(used):
                self.assertEqual(cost(plan, used), cents)
        self.assertEqual(
            rate(plan, {"": Decimal(500)}).parts,
            (
                Part(Fraction(200), Decimal("0.50"), Fraction(100_00)),
                Part(Fraction(200), Decimal("0.40"), Fraction(80_00)),
                Part(Fraction(100), Decimal("0.25"), Fraction(25_00)),
            ),
        )

    def test_volume_charges_all_at_the_price_of_the_last_tier_reached(self) -> None:
        plan = Plan(Shape.VOLUME, STORAGE)
        for used, cents in (("200", 100_00), ("201", 80_40), ("400", 160_00), ("500", 125_00)):
            with self.subTest(used):
                self.assertEqual(cost(plan, used), cents)

    def test_a_started_package_counts_whole_for_each_account(self) -> None:
        plan = Plan(Shape.PACKAGE, tiers((None, "12.50")), package=Decimal(100))
        for used, cents in (("0", 0), ("0.0001", 12_50), ("100", 12_50), ("100.5", 25_00)):
            with self.subTest(used):
                self.assertEqual(cost(plan, used), cents)
        self.assertEqual(rate(plan, {"a": Decimal(1), "b": Decimal(99)}).cents, 25_00)

    def test_a_minimum_needs_some_use_and_a_maximum_ends_it(self) -> None:
        plan = Plan(Shape.FLAT, tiers((None, "1")), minimum=20_00, maximum=50_00)
        for used, cents in (("0", 0), ("1", 20_00), ("20", 20_00), ("30", 30_00), ("51", 50_00)):
            with self.subTest(used):
                self.assertEqual(cost(plan, used), cents)

    def test_a_line_is_rounded_once_and_a_half_goes_up(self) -> None:
        halves = {"a": Decimal("0.5"), "b": Decimal("0.5"), "c": Decimal("0.5")}
        self.assertEqual(
            rate(Plan.flat("0.01"), halves).cents, 2
        )  # 1.5 cents, not three times a rounded half
        self.assertEqual(cost(Plan.flat("0.125"), "1"), 13)
        self.assertEqual(cost(Plan.flat("1.005"), "1"), 101)

    def test_a_part_of_a_month_counts_as_its_part(self) -> None:
        self.assertEqual(
            rate(Plan.flat("58.30"), {"": prorated(Decimal(3), 10, 31)}).cents, 56_42
        )  # 56.4193...
        self.assertEqual(prorated(Decimal(3), 31, 31), 3)
        self.assertEqual(prorated(Decimal(1), 29, 29) + prorated(Decimal(1), 0, 28), 1)
        for days, of in ((-1, 30), (31, 30), (0, 0)):
            with self.subTest(days), self.assertRaises(PlanError):
                prorated(Decimal(1), days, of)


class Refused(TestCase):
    def test_a_plan_that_means_nothing_is_refused_in_a_sentence(self) -> None:
        flat = tiers((None, "1"))
        for sentence, shape, said, more in (
            ("The last tier has no end", Shape.GRADUATED, tiers(("5", "1")), {}),
            ("The last tier has no end", Shape.FLAT, (), {}),
            ("Only the last tier has no end.", Shape.VOLUME, tiers((None, "1"), (None, "2")), {}),
            (
                "A tier up to 5 cannot follow one up to 5.",
                Shape.VOLUME,
                tiers(("5", "1"), ("5", "1"), (None, "1")),
                {},
            ),
            (
                "A tier up to 3 cannot follow one up to 5.",
                Shape.VOLUME,
                tiers(("5", "1"), ("3", "1"), (None, "1")),
                {},
            ),
            ("A tier up to 0 cannot follow one up to 0.", Shape.VOLUME, tiers(("0", "1"), (None, "1")), {}),
            ("Only graduated and volume prices have tiers.", Shape.FLAT, tiers(("5", "1"), (None, "1")), {}),
            ("A price is zero or more", Shape.FLAT, tiers((None, "-1")), {}),
            ("with at most 6 decimals", Shape.FLAT, tiers((None, "0.1234567")), {}),
            ("A price is zero or more", Shape.FLAT, tiers((None, "NaN")), {}),
            ("A tier ends at a quantity", Shape.GRADUATED, tiers(("0.00001", "1"), (None, "1")), {}),
            ("A package price", Shape.PACKAGE, flat, {}),
            ("A package price", Shape.FLAT, flat, {"package": Decimal(1)}),
            ("A package has more than zero units", Shape.PACKAGE, flat, {"package": Decimal(0)}),
            ("A step has more than zero units", Shape.FLAT, flat, {"step": Decimal("-0.1")}),
            ("A cap per account needs one price", Shape.VOLUME, flat, {"account_cap": 1}),
            ("is not negative", Shape.FLAT, flat, {"minimum": -1}),
            ("The minimum is more than the cap.", Shape.FLAT, flat, {"minimum": 2, "maximum": 1}),
        ):
            with self.subTest(sentence), self.assertRaises(PlanError) as caught:
                Plan(shape, said, **more)
            self.assertIn(sentence, str(caught.exception))

    def test_a_quantity_is_refused_rather_than_rounded(self) -> None:
        self.assertEqual(quantity(" 12.5000 "), Decimal("12.5"))
        self.assertEqual(quantity("1e3"), 1000)
        self.assertEqual(quantity("0"), 0)
        self.assertEqual(quantity("99999999999999.9999"), Decimal("99999999999999.9999"))
        for text, sentence in (
            ("twelve", "is not a number"),
            ("", "is not a number"),
            ("NaN", "more digits than we count"),
            ("Infinity", "more digits than we count"),
            ("1" * 40, "more digits than we count"),
            ("100000000000000", "more digits than we count"),
            ("1.00005", "more digits than we count"),
            ("-1", "A correction has to say that it is one."),
        ):
            with self.subTest(text), self.assertRaises(PlanError) as caught:
                quantity(text)
            self.assertIn(sentence, str(caught.exception))

    def test_a_quantity_below_zero_has_no_price(self) -> None:
        with self.assertRaises(PlanError):
            rate(Plan.flat("1"), {"": Decimal(-1)})


class PublishedRates(TestCase):
    """Rates that states have published, each with a worked line."""

    def test_nebraska_charges_developers_by_the_hour(self) -> None:
        for price, cents in (  # 12.5 hours each; rows 1 to 12
            ("64.25", 803_13),
            ("75.25", 940_63),
            ("87.25", 1_090_63),
            ("56.50", 706_25),
            ("67.25", 840_63),
            ("79.25", 990_63),
            ("66.00", 825_00),
            ("77.00", 962_50),
            ("89.50", 1_118_75),
            ("58.00", 725_00),
            ("69.00", 862_50),
            ("81.25", 1_015_63),
        ):
            with self.subTest(price):
                self.assertEqual(cost(Plan.flat(price), "12.5"), cents)

    def test_minnesota_charges_bundles_by_the_device_and_month(self) -> None:
        self.assertEqual(cost(Plan.flat("58.30"), "214"), 12_476_20)  # row 13
        self.assertEqual(cost(Plan.flat("78.70"), "1031"), 81_139_70)  # row 14

    def test_utah_charged_minutes_at_tenths_of_a_cent(self) -> None:
        self.assertEqual(cost(Plan.flat("0.0602"), "1743"), 104_93)  # row 15: 104.9286

    def test_utah_adds_a_dollar_an_hour_and_a_quarter_of_the_cost(self) -> None:
        self.assertEqual(cost(Plan.flat("1.00"), "160"), 160_00)  # row 16
        self.assertEqual(cost(Plan.cost_plus("25"), "4321.99"), 5_402_49)  # row 17: 5,402.4875
        self.assertEqual(cost(Plan.cost_plus(), "4321.99"), 4_321_99)  # row 17, from FY 2023

    def test_north_dakota_charges_large_projects_by_the_started_half_million(self) -> None:
        now = Plan(Shape.PACKAGE, tiers((None, "3000")), package=Decimal(500_000))
        self.assertEqual(cost(now, "1200000"), 9_000_00)  # row 18, 2025-27
        before = Plan(Shape.PACKAGE, tiers((None, "2500")), package=Decimal(500_000), account_cap=25_000_00)
        projects = {"case system": Decimal(6_000_000), "portal": Decimal(700_000)}
        self.assertEqual(
            rate(before, projects).cents, 30_000_00
        )  # row 18, 2019-21: 25,000 is the cap of one project

    def test_virginia_adds_an_administrative_surcharge(self) -> None:
        self.assertEqual(cost(Plan.percent_of_spend("8.26"), "1000.33"), 82_63)  # row 19: 82.627258
        self.assertEqual(cost(Plan.percent_of_spend("7.91"), "1000.33"), 79_13)  # row 19: 79.126103

    def test_washington_charges_webex_by_the_user_and_month(self) -> None:
        self.assertEqual(cost(Plan.flat("35.00"), "17"), 595_00)  # row 20

    def test_north_dakota_counts_staff_time_in_six_minutes(self) -> None:
        plan = Plan(Shape.FLAT, tiers((None, "80.00")), step=Decimal("0.1"))
        self.assertEqual(cost(plan, "1.25"), 104_00)  # row 21: 1.3 hours; the hourly rate is made up

    def test_colorado_shares_administration_by_what_each_spent(self) -> None:
        """Rows 22 to 24: a share of statewide IT expense in the newest closed year; the dollars are made up."""
        spent = {"CDHS": 41_000_000, "CDOT": 27_500_000, "DNR": 9_250_000}
        shares = split_cents(6_900_000_00, spent)
        self.assertEqual(shares, {"CDHS": 3_638_585_21, "CDOT": 2_440_514_47, "DNR": 820_900_32})


class AnyPlan(TestCase):
    @given(plans(), accounts)
    def test_the_parts_add_up_to_the_line(self, plan: Plan, used: dict[str, Decimal]) -> None:
        rated = rate(plan, used)
        self.assertEqual(sum(part.amount for part in rated.parts), rated.exact)
        if plan.minimum is None and plan.maximum is None:
            self.assertEqual(rated.cents, half_up(rated.exact))

    @given(plans(), accounts)
    def test_the_tiers_hold_all_that_was_used(self, plan: Plan, used: dict[str, Decimal]) -> None:
        rated = rate(plan, used)
        self.assertGreaterEqual(rated.quantity, sum(map(Fraction, used.values())))
        if plan.shape != Shape.PACKAGE:
            self.assertEqual(sum(part.units for part in rated.parts), rated.quantity)

    @given(plans(), accounts, quantities)
    def test_more_use_never_costs_less_but_by_volume(
        self, plan: Plan, used: dict[str, Decimal], more: Decimal
    ) -> None:
        assume(plan.shape != Shape.VOLUME)
        self.assertGreaterEqual(
            rate(plan, {**used, "more": more}).exact, rate(plan, {**used, "more": Decimal(0)}).exact
        )

    @given(plans(), accounts)
    def test_a_line_stays_within_its_bounds_and_no_use_is_free(
        self, plan: Plan, used: dict[str, Decimal]
    ) -> None:
        rated = rate(plan, used)
        if not any(used.values()):
            self.assertEqual(rated.cents, 0)
            return
        self.assertGreaterEqual(rated.cents, plan.minimum or 0)
        if plan.maximum is not None:
            self.assertLessEqual(rated.cents, plan.maximum)


few = st.sampled_from([Decimal(1), Decimal(2), Decimal(3)])


@st.composite
def small_plans(draw: st.DrawFn) -> Plan:
    """Plans so alike that often one is never dearer than another."""
    shape = draw(st.sampled_from(Shape))
    tiered = shape in {Shape.GRADUATED, Shape.VOLUME}
    ends = sorted(draw(st.sets(few, max_size=2))) if tiered else []
    return Plan(
        shape,
        tuple(Tier(end, draw(few)) for end in [*ends, None]),
        package=draw(few) if shape == Shape.PACKAGE else None,
        step=draw(st.sampled_from([None, None, Decimal(1), Decimal("0.5")])),
        account_cap=None if tiered else draw(st.sampled_from([None, 200, 300])),
        minimum=draw(st.sampled_from([None, 100])),
        maximum=draw(st.sampled_from([None, 500, 900])),
    )


class Dearer(TestCase):
    @given(
        small_plans(), small_plans(), st.dictionaries(st.sampled_from("ab"), st.decimals("0", "5", places=4))
    )
    def test_a_plan_that_is_not_dearer_costs_no_more_whatever_is_used(
        self, plan: Plan, than: Plan, used: dict[str, Decimal]
    ) -> None:
        if not is_dearer(plan, than):
            self.assertLessEqual(rate(plan, used).cents, rate(than, used).cents)

    @given(plans())
    def test_no_plan_is_dearer_than_itself(self, plan: Plan) -> None:
        self.assertFalse(is_dearer(plan, plan))

    def test_a_higher_price_in_any_tier_is_dearer_and_a_lower_one_is_not(self) -> None:
        now = Plan(Shape.GRADUATED, STORAGE)
        for said, dearer in (
            ((("200", "0.50"), ("400", "0.40"), (None, "0.26")), True),
            ((("200", "0.50"), ("300", "0.40"), (None, "0.25")), False),
            ((("400", "0.50"), (None, "0.25")), True),
            (((None, "0.50"),), True),
            (((None, "0.25"),), False),
        ):
            with self.subTest(said):
                self.assertEqual(is_dearer(Plan(Shape.GRADUATED, tiers(*said)), now), dearer)

    def test_each_rule_by_itself(self) -> None:
        flat, package = Plan.flat("1"), Plan(Shape.PACKAGE, tiers((None, "10")), package=Decimal(5))
        capped, bounded = replace(flat, account_cap=9_00), replace(flat, minimum=5_00, maximum=50_00)
        steps = {step: replace(flat, step=Decimal(step)) for step in ("0.1", "0.5")}
        for name, plan, than, dearer in (
            ("a minimum", replace(flat, minimum=1), flat, True),
            ("a higher minimum", replace(bounded, minimum=6_00), bounded, True),
            ("a lower minimum", replace(bounded, minimum=4_00), bounded, False),
            ("a higher maximum", replace(bounded, maximum=51_00), bounded, True),
            ("no maximum", replace(bounded, maximum=None), bounded, True),
            ("a lower maximum", replace(bounded, maximum=49_00), bounded, False),
            ("a maximum where there was none", replace(flat, maximum=1), flat, False),
            ("a higher cap", replace(capped, account_cap=10_00), capped, True),
            ("a lower cap", replace(capped, account_cap=8_00), capped, False),
            ("a step where each unit counted", steps["0.1"], flat, True),
            ("a step that divides the one before", steps["0.1"], steps["0.5"], False),
            ("a step that does not", steps["0.5"], steps["0.1"], True),
            ("no step", flat, steps["0.5"], False),
            ("a smaller package", replace(package, package=Decimal(4)), package, True),
            ("a larger package", replace(package, package=Decimal(6)), package, False),
            ("a package that costs more", replace(package, tiers=tiers((None, "11"))), package, True),
            ("a package in place of a price", package, Plan.flat("2"), True),
            ("a price below that of a package", Plan.flat("2"), package, False),
            ("a price above that of a package", Plan.flat("2.01"), package, True),
        ):
            with self.subTest(name):
                self.assertEqual(is_dearer(plan, than), dearer)

    def test_a_price_that_rises_at_the_end_of_a_tier_is_dearer_just_above_it(self) -> None:
        """At 100 both cost $100.00 and at 101 this one costs less: between them it costs more."""
        by_volume = Plan(Shape.VOLUME, tiers(("100", "1"), (None, "1.01")))
        self.assertTrue(is_dearer(by_volume, Plan(Shape.GRADUATED, tiers(("100", "1"), (None, "3")))))

    def test_another_step_below_tiers_by_volume_is_taken_for_dearer(self) -> None:
        by_volume = Plan(Shape.VOLUME, tiers(("100", "1"), (None, "0.5")), step=Decimal(1))
        self.assertTrue(is_dearer(replace(by_volume, step=None), by_volume))
        self.assertFalse(is_dearer(by_volume, by_volume))
