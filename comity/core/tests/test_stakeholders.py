"""Quadrants, and facts as they were."""

from __future__ import annotations

from typing import Any
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.stakeholders import LEVELS, as_it_was, quadrant

ORDER = {"monitor": (0, 0), "informed": (0, 1), "satisfied": (1, 0), "closely": (1, 1)}
level = st.sampled_from(LEVELS)
facts = st.dictionaries(st.sampled_from(["stance", "influence", "note"]), st.integers(1, 5))


class Quadrants(TestCase):
    def test_four_and_five_are_much(self) -> None:
        found = [quadrant(*place) for place in ((5, 4), (4, 3), (3, 4), (3, 3))]
        self.assertEqual(found, ["closely", "satisfied", "informed", "monitor"])

    def test_a_level_that_is_none_is_refused(self) -> None:
        for place in ((0, 3), (3, 6)):
            with self.assertRaises(ValueError):
                quadrant(*place)

    @given(level, level, level, level)
    def test_more_influence_or_interest_never_asks_for_less(self, a: int, b: int, c: int, d: int) -> None:
        low, high = quadrant(min(a, c), min(b, d)), quadrant(max(a, c), max(b, d))
        self.assertTrue(all(one <= other for one, other in zip(ORDER[low], ORDER[high], strict=True)))


class AsItWas(TestCase):
    def test_the_oldest_change_says_how_it_was_before_all_of_them(self) -> None:
        was = as_it_was({"stance": "neutral"}, [{"stance": "doubter", "note": "x"}, {"stance": "opposed"}])
        self.assertEqual(was, {"stance": "opposed"})

    @given(facts, st.lists(facts), st.lists(facts))
    def test_going_back_in_two_steps_is_going_back_at_once(
        self, now: dict[str, Any], late: list[dict[str, Any]], early: list[dict[str, Any]]
    ) -> None:
        self.assertEqual(as_it_was(now, []), now)
        self.assertEqual(as_it_was(as_it_was(now, late), early), as_it_was(now, [*late, *early]))
