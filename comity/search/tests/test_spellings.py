"""Ways in which names are written: few, so that what is typed costs what it did."""

from __future__ import annotations

from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from comity.search.spellings import spellings


class Spellings(SimpleTestCase):
    def test_what_is_written_one_way_is_looked_for_one_way(self) -> None:
        for typed in ("d", "dep pa", "jr", "parks and", "it", "dot", "mc", "and"):
            self.assertEqual(spellings(typed.split()), [typed.split()], typed)

    def test_what_is_written_otherwise_too_is_looked_for_as_that(self) -> None:
        self.assertEqual(spellings(["DeSoto"]), [["desoto"], ["de", "soto"]])
        self.assertEqual(spellings(["de", "la", "Cruz"]), [["de", "la", "cruz"], ["delacruz"]])
        self.assertEqual(spellings(["St", "Paul"]), [["st", "paul"], ["saint", "paul"]])
        self.assertEqual(spellings(["JD", "Vance"]), [["jd", "vance"], ["j", "d", "vance"]])

    @given(st.lists(st.text(st.sampled_from("demcstjrand"), min_size=1), min_size=1, max_size=16))
    def test_there_are_at_most_four_and_none_is_empty(self, words: list[str]) -> None:
        found = spellings(words)
        self.assertLessEqual(len(found), 4)
        self.assertTrue(all(all(way) and way for way in found))
