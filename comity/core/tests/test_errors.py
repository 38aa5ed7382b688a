"""The one error a person reads."""

from __future__ import annotations

from unittest import TestCase

from comity.core.errors import DomainError


class AnErrorToRead(TestCase):
    def test_it_is_said_beside_the_field_it_names_or_beside_none(self) -> None:
        late = DomainError("The day has passed.", "due_on")
        self.assertEqual((str(late), late.field), ("The day has passed.", "due_on"))
        self.assertEqual(DomainError("The day has passed.").field, "")
