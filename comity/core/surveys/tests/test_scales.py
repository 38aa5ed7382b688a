"""What can be answered."""

from __future__ import annotations

from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import DomainError
from comity.core.surveys.scales import (
    EFFORT,
    NUMBER_SCALES,
    RATING,
    RECOMMENDATION,
    YES_NO,
    Scale,
    choice_scale,
)

scales = st.sampled_from([*NUMBER_SCALES.values(), choice_scale(4), choice_scale(3, several=True)])


class Reading(TestCase):
    """An answer as it arrives: text from a form or a file."""

    def test_every_value_of_a_scale_can_be_read_also_as_a_spreadsheet_writes_it(self) -> None:
        for scale in NUMBER_SCALES.values():
            for value in scale.values:
                self.assertEqual(scale.read(f" {value} "), value)
                self.assertEqual(scale.read(f"{value}.0"), value)

    def test_a_rating_of_0_or_6_is_refused_in_a_sentence(self) -> None:
        for text in ("0", "6", "-1", "4.5", "004", "four", "", "٤", "³", "9" * 5_000):
            with self.assertRaisesRegex(DomainError, "is not on the scale from 1 to 5"):
                RATING.read(text)

    @given(scales, st.text() | st.integers(-20, 20).map(str))
    def test_nothing_gets_through_that_is_not_on_the_scale(self, scale: Scale, text: str) -> None:
        try:
            value = scale.read(text)
        except DomainError:
            self.assertNotIn(text, {str(value) for value in scale.values})
        else:
            self.assertIn(value, scale)

    def test_a_long_text_is_quoted_by_its_beginning(self) -> None:
        with self.assertRaisesRegex(DomainError, "^“excellent, thank you” is not on the scale from 1 to 5"):
            RATING.read("  excellent, thank you! ")

    def test_true_is_not_a_one(self) -> None:
        self.assertNotIn(True, RATING)
        self.assertNotIn("3", RATING)


class Good(TestCase):
    """Which answers count as good."""

    def test_the_standard_bounds(self) -> None:
        self.assertEqual([value for value in RATING.values if value in RATING.top], [4, 5])
        self.assertEqual([value for value in RECOMMENDATION.values if value in RECOMMENDATION.top], [9, 10])
        self.assertEqual([value for value in EFFORT.values if value in EFFORT.top], [5, 6, 7])

    def test_all_that_are_good_lie_on_the_scale(self) -> None:
        for scale in NUMBER_SCALES.values():
            self.assertLess(scale.top, set(scale.values))

    def test_choices_have_no_good_one_and_no_mean(self) -> None:
        colours = choice_scale(3)
        self.assertEqual(colours, Scale("choice", (1, 2, 3)))
        self.assertEqual((colours.top, colours.has_mean), (frozenset(), False))
        self.assertTrue(choice_scale(3, several=True).several)
        self.assertFalse(YES_NO.has_mean)


class Choosing(TestCase):
    def test_two_choices_are_the_fewest_and_forty_the_most(self) -> None:
        self.assertEqual((choice_scale(2).highest, choice_scale(40).highest), (2, 40))
        for count in (0, 1, 41, 100):
            with self.assertRaisesRegex(
                DomainError, "^A question with choices needs between 2 and 40 of them"
            ):
                choice_scale(count)
