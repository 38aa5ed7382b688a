"""Names in the order in which people look them up."""

from __future__ import annotations

import random

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

    def test_numbers_stand_where_they_count(self) -> None:
        wanted = [
            "District 1",
            "District 2",
            "District 02 North",
            "District 2A",
            "District 10",
            "District 100",
            "District Two",
        ]
        self.assertEqual(sorted(random.Random(1).sample(wanted, len(wanted)), key=sort_key), wanted)

    def test_an_article_before_a_name_is_passed_over_and_no_name_is_lost(self) -> None:
        wanted = ["Arbor Board", "The Arc", "THE  Ark", "Theater Board", "Thế Anh", "The", "Zoning"]
        self.assertEqual(
            sorted(random.Random(1).sample(wanted, len(wanted)), key=sort_key),
            [*wanted[:2], "THE  Ark", "The", "Thế Anh", "Theater Board", "Zoning"],
        )

    def test_hyphens_initials_and_saints_stand_as_they_are_written(self) -> None:
        wanted = ["J. R. Ewing", "J.R. Ewing", "JR Ewing", "Mac Arthur", "MacDonald", "McDonald", "Saint Paul", "St. Louis",
                  "Winston-Salem", "Winston Square"]  # fmt: skip
        self.assertEqual(
            sorted(random.Random(1).sample(wanted, len(wanted)), key=lambda name: (sort_key(name), name)),
            wanted,
        )

    @given(st.text())
    def test_any_text_has_one_that_is_not_too_long(self, text: str) -> None:
        self.assertLessEqual(len(sort_key(text)), LONGEST)
