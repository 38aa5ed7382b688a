"""Figures as they are shown."""

from __future__ import annotations

from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.surveys.figures import percent, rounded, tells_percent


class Rounding(TestCase):
    """Halves go away from zero."""

    def test_halves(self) -> None:
        for value, shown in [
            (4.25, "4.3"),
            (4.35, "4.4"),
            (-4.25, "-4.3"),
            (2.0, "2.0"),
            (-0.04, "0.0"),
            (0, "0.0"),
        ]:
            self.assertEqual(str(rounded(value)), shown)

    def test_the_noise_of_the_computer_does_not_turn_a_half_down(self) -> None:
        self.assertEqual(percent(0.145), Decimal(15))
        self.assertEqual(rounded(1.005, 2), Decimal("1.01"))

    @given(st.integers(0, 10**6), st.integers(1, 10**6))
    def test_a_share_of_whole_numbers_is_rounded_as_by_hand(self, part: int, whole: int) -> None:
        by_hand = (2 * 100 * part + whole) // (2 * whole)
        self.assertEqual(percent(part / whole), by_hand)

    @given(st.integers(-(10**6), 10**6))
    def test_a_loss_mirrors_a_gain(self, thousandths: int) -> None:
        self.assertEqual(rounded(-thousandths / 1000), -rounded(thousandths / 1000))


class Percentages(TestCase):
    def test_they_are_said_of_twenty_and_more_and_from_five_on(self) -> None:
        self.assertEqual(
            [tells_percent(*pair) for pair in ((5, 20), (5, 19), (4, 20), (20, 20), (0, 20))],
            [True, False, False, True, False],
        )

    def test_they_never_make_none_of_some_nor_all_of_many(self) -> None:
        self.assertEqual(
            [tells_percent(*pair) for pair in ((5, 1_001), (5, 1_000), (995, 1_000), (994, 1_000))],
            [False, True, False, True],
        )
