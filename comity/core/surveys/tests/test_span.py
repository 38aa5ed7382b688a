"""What follows from cells that are shown: by hand, and against exact fractions."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations
from unittest import TestCase, mock

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.surveys import span
from comity.core.surveys.span import Span, TooFinelyCrossedError
from comity.core.surveys.tests.attacks import follows, reduced_rows

CLASSES = 6
groups = st.frozensets(st.integers(0, CLASSES - 1), min_size=1)
cells_shown = st.lists(groups, max_size=8)
people_in_each = st.lists(st.integers(1, 4), min_size=CLASSES, max_size=CLASSES)


def row(group: frozenset[int]) -> list[Fraction]:
    return [Fraction(place in group) for place in range(CLASSES)]


def follows_from(group: frozenset[int], cells: Iterable[frozenset[int]]) -> bool:
    return follows(row(group), reduced_rows([row(cell) for cell in cells]))


class ByHand(TestCase):
    """A few cells over a few classes."""

    def test_one_cell_taken_from_another_leaves_the_rest(self) -> None:
        shown = Span([frozenset({0, 1, 2}), frozenset({1, 2})], [3, 9, 9], 5)
        self.assertEqual(shown.cells_behind(frozenset({0})), {0, 1})
        self.assertEqual(shown.cells_behind(frozenset({1, 2})), {1})
        self.assertIsNone(shown.cells_behind(frozenset({1})))
        self.assertEqual(list(shown.small_groups()), [{0}])

    def test_three_cells_that_overlap_in_a_ring_give_away_each_class_by_halves(self) -> None:
        shown = Span([frozenset({0, 1}), frozenset({1, 2}), frozenset({2, 0})], [4, 4, 9], 5)
        self.assertEqual(shown.cells_behind(frozenset({0})), {0, 1, 2})
        self.assertEqual(sorted(map(sorted, shown.small_groups())), [[0], [1]])

    def test_a_group_of_exactly_k_is_no_small_one(self) -> None:
        cells = [frozenset({0, 1})]
        self.assertEqual(list(Span(cells, [2, 3], 5).small_groups()), [])
        self.assertEqual(list(Span(cells, [2, 3], 6).small_groups()), [{0, 1}])

    def test_a_sum_of_too_many_people_is_tried_with_another_in_the_place_of_any_class(self) -> None:
        shown = Span([frozenset({0, 2, 3}), frozenset({0, 1, 3})], [3, 1, 2, 1], 6)
        self.assertEqual(list(shown.small_groups()), [{0, 1, 3}])

    def test_a_search_of_too_many_steps_is_given_up_aloud(self) -> None:
        shown = Span([frozenset({0, 1}), frozenset({2, 3})], [1, 1, 1, 1], 5)
        with mock.patch.object(span, "MOST_STEPS", 2):
            self.assertEqual(len(list(shown.small_groups())), 2)
        with mock.patch.object(span, "MOST_STEPS", 1), self.assertRaises(TooFinelyCrossedError):
            list(shown.small_groups())


class AgainstFractions(TestCase):
    """Arithmetic modulo a prime says what exact fractions say."""

    @settings(max_examples=300)
    @given(cells_shown, groups)
    def test_a_group_follows_from_the_cells_named_and_from_no_fewer(
        self, cells: list[frozenset[int]], group: frozenset[int]
    ) -> None:
        behind = Span(cells, [1] * CLASSES, 2).cells_behind(group)
        self.assertEqual(behind is not None, follows_from(group, cells))
        if behind is not None:
            self.assertTrue(follows_from(group, [cells[place] for place in behind]))
            for one in behind:
                self.assertFalse(follows_from(group, [cells[place] for place in behind - {one}]))

    @settings(max_examples=300)
    @given(cells_shown, people_in_each, st.integers(2, 9))
    def test_a_small_group_is_found_wherever_there_is_one(
        self, cells: list[frozenset[int]], people: list[int], k: int
    ) -> None:
        found = list(Span(cells, people, k).small_groups())
        for group in found:
            self.assertTrue(0 < sum(people[place] for place in group) < k)
            self.assertTrue(follows_from(group, cells))
        reduced = reduced_rows([row(cell) for cell in cells])
        there_is_one = any(
            sum(people[place] for place in chosen) < k and follows(row(frozenset(chosen)), reduced)
            for size in range(1, CLASSES + 1)
            for chosen in combinations(range(CLASSES), size)
        )
        self.assertEqual(bool(found), there_is_one)
