"""Columns of a graph, ways through it, and its circles."""

from __future__ import annotations

from itertools import pairwise
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.layers import columns, way, without_circles

NAMES = list("abcdefg")
name = st.sampled_from(NAMES)
graphs = st.lists(st.tuples(name, name), max_size=14, unique=True)


class Layers(TestCase):
    def test_reports_stand_right_of_their_managers(self) -> None:
        edges = [("head", "it"), ("head", "money"), ("money", "it"), ("it", "desk")]
        self.assertEqual(
            columns(["desk", "it", "money", "head", "board"], edges),
            [["head", "board"], ["money"], ["it"], ["desk"]],
        )

    def test_the_way_is_told_with_both_ends(self) -> None:
        edges = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")]
        self.assertEqual(way(edges, "a", "d"), ["a", "c", "d"])
        self.assertEqual(way(edges, "d", "a"), [])
        self.assertEqual(way([], "a", "a"), ["a"])

    @given(graphs)
    def test_each_edge_that_is_kept_leads_on_and_everyone_stands_once(
        self, edges: list[tuple[str, str]]
    ) -> None:
        kept = without_circles(edges)
        found = columns(NAMES, kept)
        place = {one: at for at, column in enumerate(found) for one in column}
        self.assertEqual(sorted(one for column in found for one in column), NAMES)
        self.assertTrue(all(found))
        self.assertTrue(all(place[one] < place[other] for one, other in kept))

    @given(graphs)
    def test_only_what_closes_a_circle_is_left_out(self, edges: list[tuple[str, str]]) -> None:
        kept = without_circles(edges)
        for one, other in set(edges) - set(kept):
            self.assertTrue(way(kept, other, one))

    @given(graphs, name, name)
    def test_a_way_goes_along_edges(self, edges: list[tuple[str, str]], start: str, goal: str) -> None:
        found = way(edges, start, goal)
        self.assertTrue(all(step in edges for step in pairwise(found)))
        if found:
            self.assertEqual((found[0], found[-1]), (start, goal))
