"""Names in the order in which people look them up."""

from __future__ import annotations

from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from comity.search.sorting import LONGEST, sort_key


class SortKeys(SimpleTestCase):
    def test_letters_stand_where_people_look_for_them(self) -> None:
        names = [
            "Zoning",
            "eHealth",
            "Élan",
            "ʻEwa",
            "De Soto",
            "O'Brien",
            "OBrian",
            "Østen",
            "Łukasz",
            "(Apt)",
            "Æ",
            "de la Cruz",
        ]
        wanted = [
            "Æ",
            "(Apt)",
            "de la Cruz",
            "De Soto",
            "eHealth",
            "Élan",
            "ʻEwa",
            "Łukasz",
            "OBrian",
            "O'Brien",
            "Østen",
            "Zoning",
        ]
        self.assertEqual(sorted(names, key=sort_key), wanted)

    @given(st.text())
    def test_any_text_has_one_that_is_its_own(self, text: str) -> None:
        key = sort_key(text)
        self.assertLessEqual(len(key), LONGEST)
        self.assertEqual(sort_key(key), key)
