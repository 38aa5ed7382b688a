"""How much a contact has to look after."""

from __future__ import annotations

from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.load import Load, size_weight

numbers = st.none() | st.integers(0, 10**8)
loads = st.builds(Load, st.integers(0, 500), st.integers(0, 2_000), st.integers(0, 500))


class SizeWeight(TestCase):
    """What one body counts."""

    def test_the_steps_are_those_of_the_documentation(self) -> None:
        for headcount, population, weight in [
            (None, None, 1),
            (99, None, 1),
            (100, None, 2),
            (1_240, None, 3),
            (10_000, None, 4),
            (40, 9_999, 1),
            (40, 10_000, 2),
            (900, 157_000, 3),
            (None, 1_000_000, 4),
        ]:
            self.assertEqual(size_weight(headcount, population), weight, (headcount, population))

    @given(numbers, numbers, st.integers(0, 10**6))
    def test_a_larger_body_never_counts_less(
        self, headcount: int | None, population: int | None, more: int
    ) -> None:
        weight = size_weight(headcount, population)
        self.assertLessEqual(weight, size_weight((headcount or 0) + more, population))
        self.assertLessEqual(weight, size_weight(headcount, (population or 0) + more))

    @given(numbers, numbers)
    def test_it_lies_between_one_and_four(self, headcount: int | None, population: int | None) -> None:
        self.assertIn(size_weight(headcount, population), {1, 2, 3, 4})

    @given(numbers)
    def test_what_is_unknown_counts_as_small(self, number: int | None) -> None:
        self.assertEqual(size_weight(number, None), size_weight(number, 0))


class Points(TestCase):
    """What a contact has, all together."""

    def test_the_example_of_the_documentation(self) -> None:
        load = Load(
            partners=3, weight=size_weight(1_240, None) + size_weight(60, None) + size_weight(900, 157_000)
        )
        self.assertEqual(load.weight, 7)
        self.assertEqual(load + Load(open_follow_ups=6), Load(3, 7, 6))
        self.assertEqual(Load(3, 7, 6).points, Decimal("8.5"))

    @given(loads, loads)
    def test_two_loads_together_are_their_sum(self, one: Load, other: Load) -> None:
        self.assertEqual((one + other).points, one.points + other.points)
        self.assertEqual(one + other, other + one)

    @given(loads)
    def test_one_follow_up_more_adds_a_quarter(self, load: Load) -> None:
        self.assertEqual((load + Load(open_follow_ups=1)).points - load.points, Decimal("0.25"))
