"""Names are compared in one way and proposed in another."""

from __future__ import annotations

import unicodedata
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import DomainError
from comity.partners import names

any_text = st.text(max_size=80)
spaces = st.sampled_from([" ", "  ", "\t", "\u00a0", "\n", "\u3000"])


class Key(TestCase):
    """The key decides whether two names are one."""

    def test_case_and_extra_space_count_for_nothing(self) -> None:
        self.assertEqual(names.key("  Department  of\u00a0REVENUE "), names.key("department of revenue"))

    def test_an_accent_written_in_two_ways_is_one_accent(self) -> None:
        self.assertEqual(names.key("Doña Ana County"), names.key("Don\u0303a Ana County"))

    def test_an_accent_counts(self) -> None:
        self.assertNotEqual(names.key("Dona Ana County"), names.key("Doña Ana County"))

    def test_an_abbreviation_is_another_name(self) -> None:
        self.assertNotEqual(names.key("Dept. of Revenue"), names.key("Department of Revenue"))

    @given(any_text)
    def test_a_key_is_its_own_key(self, name: str) -> None:
        self.assertEqual(names.key(names.key(name)), names.key(name))

    @given(any_text)
    def test_a_key_is_at_most_three_times_as_long(self, name: str) -> None:
        composed = unicodedata.normalize("NFC", name)
        self.assertLessEqual(len(names.key(composed)), 3 * len(composed))

    @given(
        st.lists(st.text(st.characters(categories=("L", "N")), min_size=1), min_size=1, max_size=5), spaces
    )
    def test_the_space_between_words_may_be_any(self, words: list[str], space: str) -> None:
        self.assertEqual(names.key(space.join(words)), names.key(" ".join(words)))


class ProposalKey(TestCase):
    """The proposal key finds spellings that often mean one body."""

    def propose_each_other(self, *spellings: str) -> None:
        keys = {spelling: names.proposal_key(spelling) for spelling in spellings}
        self.assertEqual(len(set(keys.values())), 1, keys)

    def test_departments(self) -> None:
        self.propose_each_other(
            "Department of Revenue",
            "Dept. of Revenue",
            "DEPT OF REVENUE",
            "Revenue, Department of",
            "Revenue Department",
        )

    def test_counties(self) -> None:
        self.propose_each_other("County of Wake", "Wake County", "WAKE CO.", "Wake Cnty")

    def test_ampersand_and_small_words(self) -> None:
        self.propose_each_other(
            "Health & Human Services", "Health and Human Services", "Human & Health Services"
        )

    def test_saints(self) -> None:
        self.propose_each_other("St. John's County", "Saint Johns County", "ST JOHN’S COUNTY")

    def test_accents(self) -> None:
        self.propose_each_other("Doña Ana County", "Dona Ana County", "DOÑA ANA COUNTY")

    def test_dotted_letters(self) -> None:
        self.propose_each_other("D.O.T.", "DOT")
        self.propose_each_other("U.S. Geological Survey", "US Geological Survey")

    def test_different_bodies_stay_apart(self) -> None:
        for one, other in [
            ("Wake County", "Wake City"),
            ("Department of Revenue", "Board of Revenue"),
            ("District 1", "District 11"),
            ("Court of Appeals", "Supreme Court"),
            ("東京", "京都"),
        ]:
            self.assertNotEqual(names.proposal_key(one), names.proposal_key(other), (one, other))

    def test_a_name_of_small_words_or_signs_keeps_itself(self) -> None:
        self.assertEqual(names.proposal_key("The"), "the")
        self.assertEqual(names.proposal_key("🎉🎉"), "🎉🎉")

    @given(any_text)
    def test_it_depends_on_the_key_alone(self, name: str) -> None:
        self.assertEqual(names.proposal_key(names.key(name)), names.proposal_key(name))

    @given(any_text)
    def test_it_is_its_own_proposal(self, name: str) -> None:
        found = names.proposal_key(name)
        self.assertEqual(names.proposal_key(found), found)

    @given(any_text)
    def test_it_is_empty_only_for_an_empty_name(self, name: str) -> None:
        self.assertEqual(names.proposal_key(name) == "", names.key(name) == "")


class Tidy(TestCase):
    """A name is kept as a person reads it."""

    def test_what_nobody_sees_is_taken_away(self) -> None:
        self.assertEqual(names.tidy(" Parks\u200b \u202eand\u0000 Trails\n"), "Parks and Trails")

    def test_other_scripts_and_emoji_stay(self) -> None:
        for name in ["وزارة المالية", "🏞️ Parks", "財務局", "Doña Ana"]:
            self.assertEqual(names.tidy(name), name)

    def test_ten_thousand_characters_are_refused_with_a_sentence(self) -> None:
        with self.assertRaisesRegex(DomainError, "10,000 characters. A name can have up to 300"):
            names.tidy("x" * 10_000)

    @given(any_text)
    def test_a_tidy_name_stays_as_it_is(self, name: str) -> None:
        self.assertEqual(names.tidy(names.tidy(name)), names.tidy(name))
