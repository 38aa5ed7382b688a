"""Whole cents: rounded once, shared without losing one."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.billing.money import AllocationError, half_up, instalments, split_cents, split_weights

weights = st.dictionaries(
    st.text(max_size=3), st.decimals(0, 10**6, places=4), min_size=1, max_size=30
).filter(lambda drawn: any(drawn.values()))
cents = st.integers(-(10**12), 10**12)


class HalfUp(TestCase):
    def test_a_half_goes_away_from_zero(self) -> None:
        for exact, whole in (
            ("12.5", 13),
            ("13.5", 14),
            ("267.5", 268),
            ("-12.5", -13),
            ("100.5", 101),
            ("100.49999999999", 100),
            ("-0.4", 0),
            ("0", 0),
        ):
            with self.subTest(exact):
                self.assertEqual(half_up(Decimal(exact)), whole)

    @given(st.fractions())
    def test_nothing_is_off_by_more_than_half_and_credits_mirror_charges(self, exact: Fraction) -> None:
        self.assertLessEqual(abs(half_up(exact) - exact), Fraction(1, 2))
        self.assertEqual(half_up(-exact), -half_up(exact))


class Splitting(TestCase):
    def test_three_agencies_share_a_hundred_dollars(self) -> None:
        self.assertEqual(
            split_cents(10_000, {"dor": 1, "dot": 1, "dph": 1}), {"dor": 3334, "dot": 3333, "dph": 3333}
        )

    def test_washington_shares_its_ocio_by_it_staff(self) -> None:
        """WaTech's key is the actual IT FTE of each agency; the office's amount is made up."""
        shares = split_cents(
            125_000_00, {"DSHS": Decimal("412.5"), "DOR": Decimal("187.25"), "ECY": Decimal("61.8")}
        )
        # 77,941.9545, 35,380.9236 and 11,677.1219: the cent left over goes to the largest remainder.
        self.assertEqual(shares, {"DSHS": 77_941_96, "DOR": 35_380_92, "ECY": 11_677_12})

    def test_a_million_by_the_headcount_of_120_agencies_stays_a_million(self) -> None:
        staff = {f"a{number:03}": 17 + number * number % 991 for number in range(120)}
        shares = split_cents(100_000_000, staff)
        self.assertEqual(sum(shares.values()), 100_000_000)
        naive = sum(half_up(Fraction(100_000_000 * each, sum(staff.values()))) for each in staff.values())
        self.assertNotEqual(naive, 100_000_000)

    @given(cents, weights)
    def test_no_cent_is_lost_and_credits_mirror_charges(self, total: int, drawn: dict[str, Decimal]) -> None:
        shares = split_cents(total, drawn)
        self.assertEqual(sum(shares.values()), total)
        self.assertEqual(split_cents(-total, drawn), {name: -share for name, share in shares.items()})

    @given(cents, weights)
    def test_a_share_is_within_a_cent_of_its_proportion(self, total: int, drawn: dict[str, Decimal]) -> None:
        whole = sum(map(Fraction, drawn.values()))
        for name, share in split_cents(total, drawn).items():
            self.assertLess(abs(share - total * Fraction(drawn[name]) / whole), 1)

    @given(cents, weights)
    def test_the_order_in_which_they_are_named_changes_nothing(
        self, total: int, drawn: dict[str, Decimal]
    ) -> None:
        self.assertEqual(split_cents(total, dict(reversed(drawn.items()))), split_cents(total, drawn))

    def test_nobody_to_share_it_is_refused(self) -> None:
        nobody = "Nobody has a share: all of them are zero."
        for drawn, words in (
            ({}, nobody),
            ({"dor": 0}, nobody),
            ({"dor": 2, "dot": -1}, "A share cannot be negative."),
        ):
            with self.subTest(drawn), self.assertRaises(AllocationError) as refused:
                split_cents(100, drawn)
            self.assertEqual(str(refused.exception), words)

    def test_fractions_of_a_share_are_exact(self) -> None:
        third = Fraction(1, 3)
        self.assertEqual(
            split_cents(10**17 + 1, {"dor": third, "dot": 2 * third}),
            {"dor": (10**17 - 1) // 3 + 1, "dot": 2 * (10**17 - 1) // 3 + 1},
        )


class SplitWeights(TestCase):
    def test_accounts_go_first_and_the_rest_by_percent(self) -> None:
        found = split_weights({"a-1": "head"}, {"field": Decimal(50)}, {"a-1": Decimal(2), "a-2": Decimal(3)})
        self.assertEqual(found, {"head": Fraction(2, 5), "field": Fraction(3, 10), "": Fraction(3, 10)})

    @given(
        st.integers(-(10**9), 10**9),
        st.dictionaries(st.sampled_from("abcde"), st.integers(0, 1000)),
        st.lists(st.sampled_from("abcde"), unique=True),
        st.lists(st.integers(1, 30), max_size=3),
    )
    def test_whatever_the_rules_the_parts_add_up(
        self, total: int, used: dict[str, int], named: list[str], fixed: list[int]
    ) -> None:
        accounts = {name: str(at % 2 + 1) for at, name in enumerate(named)}
        percent = {str(at + 1): Decimal(share) for at, share in enumerate(fixed)}
        shares = split_weights(accounts, percent, {name: Fraction(units) for name, units in used.items()})
        self.assertEqual(sum(shares.values()), 1)
        self.assertEqual(sum(split_cents(total, shares).values()), total)


class Instalments(TestCase):
    MONTHS = ("07", "08", "09", "10", "11", "12", "01", "02", "03", "04", "05", "06")

    def test_a_year_in_twelve_parts_begins_with_the_odd_cents(self) -> None:
        parts = instalments(100_000_05, self.MONTHS)
        self.assertEqual(parts["07"], 8_333_34)
        self.assertEqual(parts["12"], 8_333_34)
        self.assertEqual(parts["06"], 8_333_33)
        self.assertEqual(sum(parts.values()), 100_000_05)

    def test_north_carolina_approved_in_november_and_billed_seven(self) -> None:
        """FY24: approved 2023-11-14, so seven installments from December on; the amount is made up."""
        parts = instalments(70_000_00, self.MONTHS[5:])
        self.assertEqual(list(parts.values()), [10_000_00] * 7)

    def test_a_change_in_mid_year_is_made_up_by_the_months_that_are_left(self) -> None:
        billed = dict.fromkeys(self.MONTHS[:4], 1_000_00)
        parts = instalments(10_000_00, self.MONTHS[4:], billed)
        self.assertEqual(list(parts.values()), [750_00] * 8)

    def test_what_was_billed_too_much_comes_back(self) -> None:
        parts = instalments(3_000_00, self.MONTHS[4:7], dict.fromkeys(self.MONTHS[:4], 1_000_00))
        self.assertEqual(list(parts.values()), [-333_34, -333_33, -333_33])

    def test_a_year_that_is_billed_takes_no_change(self) -> None:
        self.assertEqual(instalments(12, (), {"07": 12}), {})
        with self.assertRaises(AllocationError) as refused:
            instalments(13, (), {"07": 12})
        words = "No month of the year is left to bill the difference in."
        self.assertEqual(str(refused.exception), words)
