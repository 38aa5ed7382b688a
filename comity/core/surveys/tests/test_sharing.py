"""Which bodies may read their own row: an example by hand, and attacks on everything that is shown together."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.surveys import fewest_shared, neighbour_alone

SMALLEST = 5
bodies = st.lists(st.integers(0, 12), max_size=8)


def told(sizes: list[int], least: int | None) -> list[int]:
    """The rows that are shown."""
    return [] if least is None else [size for size in sizes if size and size >= least]


def attacked(sizes: list[int], shown: list[int]) -> str:
    """What somebody who has every row that is shown, and the whole, can read of too few, or of one body; "" for nothing."""
    if not shown:
        return ""
    if any(size < SMALLEST for size in shown):
        return "a row of too few"
    rest = Counter(size for size in sizes if size)
    rest.subtract(shown)
    left = [size for size, count in rest.items() for _each in range(count)]
    for number in range(len(shown) + 1):
        for taken in combinations(shown, number):
            people = sum(sizes) - sum(taken)
            if 0 < people < SMALLEST:
                return f"{people} people by subtraction"
    return "one single body by subtraction" if len(left) == 1 else ""


class FewestShared(TestCase):
    def test_the_example_of_the_documentation(self) -> None:
        """Nine, eight and six may read theirs only once six is hidden beside the two: two alone would be left."""
        self.assertEqual(fewest_shared(25, {9: 1, 8: 1, 6: 1, 2: 1}, 0, SMALLEST), 8)

    def test_where_all_are_large_enough_all_read_theirs(self) -> None:
        self.assertEqual(fewest_shared(24, {9: 1, 8: 1, 7: 1}, 0, SMALLEST), 7)

    def test_where_nothing_can_be_shown_nobody_reads_anything(self) -> None:
        for total, sizes in (
            (0, {}),
            (4, {4: 1}),
            (7, {5: 1, 2: 1}),
            (12, {4: 3}),
            (8, {6: 1}),
            (20, {9: 1}),
        ):
            with self.subTest(sizes):
                self.assertIsNone(fewest_shared(total, sizes, 0, SMALLEST))

    def test_bodies_of_one_size_are_shown_or_hidden_together(self) -> None:
        self.assertEqual(fewest_shared(24, {6: 2, 9: 1, 3: 1}, 0, SMALLEST), 9)

    def test_what_is_left_may_be_exactly_the_smallest_group_of_two_bodies(self) -> None:
        self.assertEqual(fewest_shared(14, {9: 1, 3: 1, 2: 1}, 0, SMALLEST), 9)
        self.assertIsNone(fewest_shared(13, {9: 1, 2: 2}, 0, SMALLEST))

    def test_a_size_that_no_body_has_changes_nothing(self) -> None:
        self.assertEqual(fewest_shared(9, {9: 1, 6: 0, 0: 3}, 0, SMALLEST), 9)

    def test_hidden_rows_count_among_what_is_left(self) -> None:
        self.assertIsNone(
            fewest_shared(9, {9: 1}, 2, SMALLEST), "they would be read as having given no answer"
        )
        self.assertEqual(fewest_shared(20, {8: 1, 6: 1}, 2, SMALLEST), 6)
        self.assertIsNone(fewest_shared(14, {8: 1}, 1, SMALLEST), "the six that are left are of one body")

    def test_what_cannot_be_is_refused(self) -> None:
        for total, sizes, unknown in ((-1, {}, 0), (5, {-1: 1}, 0), (5, {2: -1}, 0), (5, {}, -1)):
            with (
                self.subTest(total=total, sizes=sizes),
                self.assertRaisesRegex(ValueError, "^There are no fewer"),
            ):
                fewest_shared(total, sizes, unknown, SMALLEST)
        with self.assertRaisesRegex(ValueError, "^The bodies gave more answers than there are"):
            fewest_shared(5, {3: 2}, 0, SMALLEST)

    @given(bodies)
    def test_everything_that_is_shown_put_together_gives_nobody_away(self, sizes: list[int]) -> None:
        least = fewest_shared(sum(sizes), Counter(sizes), 0, SMALLEST)
        self.assertEqual(attacked(sizes, told(sizes, least)), "")

    @given(bodies)
    def test_no_more_is_hidden_than_has_to_be(self, sizes: list[int]) -> None:
        least = fewest_shared(sum(sizes), Counter(sizes), 0, SMALLEST)
        larger = sorted({size for size in sizes if size >= SMALLEST and (least is None or size < least)})
        for size in larger:
            self.assertNotEqual(attacked(sizes, told(sizes, size)), "", f"{size} could have been shown")

    def test_the_attack_finds_what_the_plain_rule_gives_away(self) -> None:
        sizes = [9, 8, 6, 2]
        self.assertEqual(attacked(sizes, told(sizes, SMALLEST)), "2 people by subtraction")
        self.assertEqual(attacked([9, 6], [9]), "one single body by subtraction")

    def test_whoever_reads_all_but_one_reads_that_one_too(self) -> None:
        self.assertTrue(neighbour_alone(bodies=2, own=1))
        self.assertFalse(neighbour_alone(bodies=3, own=1))
        self.assertFalse(neighbour_alone(bodies=2, own=2))
