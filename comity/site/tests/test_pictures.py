"""A picture that is made to take all memory and time takes a child's, and is refused."""

from __future__ import annotations

from unittest import TestCase
from unittest.mock import patch

from comity import pictures
from comity.files.tests import samples
from comity.pictures import PictureRefusedError, Refusal, draw_anew


class Bounds(TestCase):
    def refusal(self, content: bytes) -> Refusal:
        with self.assertRaises(PictureRefusedError) as refused:
            draw_anew(content)
        return refused.exception.why

    def test_frames_count_as_their_pixels_do(self) -> None:
        self.assertIs(self.refusal(samples.moving(12, 2300)), Refusal.TOO_LARGE)

    def test_one_that_takes_too_long_is_refused_and_ended(self) -> None:
        with patch.object(pictures, "MOST_SECONDS", 0.01):
            self.assertIs(self.refusal(samples.picture()), Refusal.TOO_LARGE)

    def test_what_is_none_and_what_is_damaged_are_told_apart(self) -> None:
        self.assertIs(self.refusal(samples.PDF), Refusal.NO_PICTURE)
        self.assertIs(self.refusal(samples.picture("PNG")[:45]), Refusal.DAMAGED)

    def test_the_child_has_a_bound_of_memory(self) -> None:
        with patch.object(pictures, "MOST_MEMORY", 1):
            limits: list[tuple[int, int]] = []
            with (
                patch("resource.setrlimit", lambda _, most: limits.append(most)),
                patch("sys.stdin") as given,
                patch("sys.stdout"),
            ):
                given.buffer.read.return_value = samples.picture()
                pictures._child("as sent")
            self.assertEqual(limits[0], (1, 1))
