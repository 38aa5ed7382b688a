"""No test hands its language on to the next."""

from __future__ import annotations

from django.test import SimpleTestCase
from django.utils import translation


class Language(SimpleTestCase):
    def test_one_may_end_in_spanish(self) -> None:
        translation.activate("es")
        self.assertEqual(translation.get_language(), "es")

    def test_the_next_begins_in_english(self) -> None:
        self.assertEqual(translation.get_language(), "en")
