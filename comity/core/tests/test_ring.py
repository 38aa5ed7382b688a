"""The ring as plain values."""

import unittest
from dataclasses import FrozenInstanceError
from typing import Any

from comity.core.ring import Ring


class RingOfAFollowUp(unittest.TestCase):
    def test_its_parts_come_in_the_order_heard_owned_done_told(self) -> None:
        ring = Ring(heard="on", owned="on", done="bad", told="off", title="Owned by Ana Ruiz, 9 days late")
        self.assertEqual(ring.parts, ("on", "on", "bad", "off"))

    def test_an_unknown_part_is_refused(self) -> None:
        late: Any = "late"
        with self.assertRaisesRegex(ValueError, "no part 'late'"):
            Ring("on", late, "off", "off", "Late")

    def test_colours_never_stand_alone(self) -> None:
        with self.assertRaisesRegex(ValueError, "^A ring needs a sentence"):
            Ring("on", "now", "off", "off", "  ")

    def test_equal_rings_are_one_key_and_cannot_be_changed(self) -> None:
        one: Any
        one, same = Ring("on", "now", "off", "off", "Heard"), Ring("on", "now", "off", "off", "Heard")
        self.assertEqual(len({one, same}), 1)
        with self.assertRaises(FrozenInstanceError):
            one.heard = "off"
