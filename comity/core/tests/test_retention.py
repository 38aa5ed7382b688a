"""Records that can be destroyed are known by one name each."""

from __future__ import annotations

from unittest import TestCase
from unittest.mock import patch

from comity.core import retention
from comity.core.retention import Kept


def kept(key: str) -> Kept:
    return Kept(key, key, None, lambda before: 0)


class Registering(TestCase):
    def setUp(self) -> None:
        self.enterContext(patch.dict(retention._kept, clear=True))

    def test_what_is_registered_is_known_in_order(self) -> None:
        for key in ("notices", "attachments"):
            retention.register(kept(key))
        self.assertEqual([each.key for each in retention.known()], ["attachments", "notices"])

    def test_a_name_is_given_once(self) -> None:
        retention.register(kept("notices"))
        with self.assertRaisesRegex(ValueError, "registered twice"):
            retention.register(kept("notices"))
