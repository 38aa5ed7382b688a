"""Why a bill changed: each cent has one cause."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.billing.change import (
    Cause,
    Charge,
    Charged,
    Step,
    accounts_of,
    at_old_rates,
    differences,
    explain,
    moved_by,
)
from comity.core.billing.plans import Plan, Shape, Tier

charges = st.builds(Charge, st.integers(0, 10**9), st.fractions(0, 10**6), st.integers(0, 10**9))
bills = st.dictionaries(st.sampled_from("abcdef"), charges)
others = st.lists(
    st.tuples(
        st.sampled_from([Cause.LATE, Cause.CREDIT]),
        st.sampled_from("ab"),
        st.integers(-999, 999),
        st.integers(-999, 999),
    )
)


class WhyItChanged(TestCase):
    def test_the_worked_table(self) -> None:
        """Storage at 0.50 to 200, then 0.40: 300 GB for 140.00 became 400 GB; its first price rose to 0.55."""
        before = {"storage": Charge(140_00, Fraction(300)), "fax": Charge(12_00, Fraction(1))}
        after = {
            "storage": Charge(190_00, Fraction(400), at_old_rates=180_00),
            "scans": Charge(75_00, Fraction(3)),
        }
        steps = explain(before, after, [(Cause.LATE, "hours", 0, 20_00), (Cause.CREDIT, "fax", -5_00, 0)])
        self.assertEqual(
            steps,
            [
                Step(Cause.PRICE, "storage", 10_00),
                Step(Cause.VOLUME, "storage", 46_67),  # 100 GB at 0.4667, the average before
                Step(Cause.MIX, "storage", -6_67),  # those 100 GB lie in the cheaper tier
                Step(Cause.NEW, "scans", 75_00),
                Step(Cause.GONE, "fax", -12_00),
                Step(Cause.LATE, "hours", 20_00),
                Step(Cause.CREDIT, "fax", 5_00),
            ],
        )
        self.assertEqual(
            sum(step.cents for step in steps), (190_00 + 75_00 + 20_00) - (140_00 + 12_00 - 5_00)
        )

    @given(bills, bills, others)
    def test_the_steps_add_up_to_the_difference(
        self,
        before: dict[str, Charge],
        after: dict[str, Charge],
        more: list[tuple[Cause, str, int, int]],
    ) -> None:
        whole = sum(one.cents for one in after.values()) - sum(one.cents for one in before.values())
        whole += sum(later - earlier for _cause, _offering, earlier, later in more)
        self.assertEqual(sum(step.cents for step in explain(before, after, more)), whole)

    def test_the_same_bill_has_nothing_to_explain(self) -> None:
        same = {"fax": Charge(12_00, Fraction(1), 12_00)}
        self.assertEqual(explain(same, same), [])

    def test_what_it_cost_at_the_old_rates_is_needed(self) -> None:
        with self.assertRaisesRegex(ValueError, "fax stands on both bills"):
            explain({"fax": Charge(1, Fraction(1))}, {"fax": Charge(2, Fraction(1))})


class AtOldRates(TestCase):
    def test_packages_and_accounts_under_a_cap_are_told_from_the_parts(self) -> None:
        boxes, dearer = (
            Plan(Shape.PACKAGE, (Tier(None, Decimal(each)),), package=Decimal(100)) for each in (9, 10)
        )
        line = Charged("boxes", 30_00, Fraction(250), dearer, (Fraction(3),))
        self.assertEqual(at_old_rates(line, [Charged("boxes", 9_00, Fraction(100), boxes)]), 27_00)
        capped = Plan(Shape.FLAT, (Tier(None, Decimal(1)),), account_cap=500)
        line = Charged("phones", 0, Fraction(0), capped, (Fraction(3), Fraction(1, 3)))
        self.assertEqual([str(each) for each in accounts_of(line).values()], ["3", "1/3"])

    def test_lines_late_and_corrected_are_steps_of_their_own(self) -> None:
        plan = Plan.flat("2")
        before = [
            Charged("disk", 20_00, Fraction(10), plan),
            Charged("disk", 3_00, Fraction(1), earlier=Cause.LATE),
        ]
        after = [
            Charged("disk", 24_00, Fraction(12), plan),
            Charged("disk", -1_00, Fraction(0), earlier=Cause.CREDIT),
        ]
        self.assertEqual(
            [(step.cause, step.cents) for step in differences(before, after)],
            [(Cause.VOLUME, 4_00), (Cause.LATE, -3_00), (Cause.CREDIT, -1_00)],
        )


class Moved(TestCase):
    def test_two_that_moved_alike_stand_by_their_keys(self) -> None:
        moved = moved_by({(2, 1): 0, (1, 1): 0}, {(2, 1): 50_00, (1, 1): 50_00}, 10_00, 20)
        self.assertEqual([each.partner for each in moved], [1, 2])

    def test_it_is_more_than_so_many_cents_and_than_so_many_percent_both(self) -> None:
        before = {(1, 1): 100_00, (1, 2): 1_000_00, (2, 1): 50_00}
        now = {(1, 1): 121_00, (1, 2): 1_200_00, (2, 2): 10_01, (3, 3): 10_00}
        moved = [tuple(each.plain().values()) for each in moved_by(before, now, 10_00, 20)]
        self.assertEqual(
            moved, [(2, 1, 50_00, 0, -50_00), (1, 1, 100_00, 121_00, 21_00), (2, 2, 0, 10_01, 10_01)]
        )
