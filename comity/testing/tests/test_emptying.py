"""What migrations entered is there for every test, also after one that emptied the tables."""

from __future__ import annotations

from typing import Any

from django.test import TransactionTestCase

from comity.applications.models import RelationType
from comity.services.models import DataClass


class EmptiedTwice(TransactionTestCase):
    """Each of the two runs after the other's tables were emptied, whichever comes first."""

    def found(self) -> tuple[int, int]:
        """How many types of relations and kinds of data there are by two names that migrations entered."""
        types = RelationType.objects.filter(name="Runs on")
        return types.count(), DataClass.objects.filter(name="Public").count()

    def test_finds_what_was_entered(self) -> None:
        self.assertEqual(self.found(), (1, 1))

    def test_finds_it_again(self) -> None:
        self.assertEqual(self.found(), (1, 1))
        RelationType.objects.all().delete()
        DataClass.objects.all().delete()
        self.assertEqual(self.found(), (0, 0))
        case: Any = self
        case._fixture_teardown()  # as each such test ends: its tables are emptied
        self.assertEqual(self.found(), (1, 1))
