"""Nobody sees them, so nothing may hang on them; what shapes letters stays."""

from __future__ import annotations

from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.unseen import without_unseen


class Unseen(TestCase):
    def test_zero_width_signs_direction_marks_and_soft_hyphens_go(self) -> None:
        for text, seen in (
            ("DOR\u200b", "DOR"),
            ("\u200eDOH\u200f", "DOH"),
            ("De\u00adpartment", "Department"),
            ("a\u2060b\ufeff\u202e\u2066\u2069", "ab"),
            ("Zo\u200de", "Zoe"),
            ("one\u2028two\u2029three", "one two three"),  # what ends a line keeps words apart
            ("\x01\u200d\x01", "\x01\x01"),  # a sign that has no name needs no joiner
            ("plain", "plain"),
        ):
            with self.subTest(text):
                self.assertEqual(without_unseen(text), seen)

    def test_joiners_stay_where_a_script_or_an_emoji_needs_them(self) -> None:
        for text in ("می\u200cخواهم", "क्\u200dष", "👩\u200d💻", "👩🏽\u200d💻", "❤️\u200d🔥", "❤️"):
            with self.subTest(text):
                self.assertEqual(without_unseen(text), text)
        self.assertEqual(without_unseen("می\u200c"), "می")

    @given(st.text(st.sampled_from("aé क्ष\u200c\u200d\u200b\u00ad👩\ufe0fم")))
    def test_once_is_enough(self, text: str) -> None:
        self.assertEqual(without_unseen(without_unseen(text)), without_unseen(text))
