"""Two people set parents at one moment: whichever way it goes, nothing becomes part of itself."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from unittest import skipUnless

from django.db import connection, connections
from django.test import TransactionTestCase

from comity.core.errors import DomainError
from comity.partners import services
from comity.partners.models import Partner
from comity.partners.models.tree import in_circles


@skipUnless(connection.vendor == "postgresql", "SQLite has one writer at a time")
class AtOnce(TransactionTestCase):
    """Harbor, Pier and Quay stand side by side."""

    def setUp(self) -> None:
        self.harbor, self.pier, self.quay = (
            Partner.objects.create(name=name, name_key=name.lower()) for name in ("Harbor", "Pier", "Quay")
        )

    def together(self, *acts: Callable[[], object]) -> list[str]:
        """Do all at one moment, each on a connection of its own; what was refused."""
        refused: list[str] = []
        ready = threading.Barrier(len(acts))

        def run(act: Callable[[], object]) -> None:
            try:
                ready.wait(timeout=10)
                act()
            except DomainError as error:
                refused.append(str(error))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
            self.assertFalse(thread.is_alive(), "two wait for each other")
        return refused

    def moves(self, partner: Partner, under: Partner) -> Callable[[], object]:
        return lambda: services.update_partner(partner.pk, {"parent": under}, by="test")

    def test_each_under_the_other_leaves_one_under_the_other(self) -> None:
        for _again in range(20):
            Partner.objects.update(parent=None)
            refused = self.together(self.moves(self.harbor, self.pier), self.moves(self.pier, self.harbor))
            self.assertEqual(len(refused), 1, refused)
            self.assertEqual(Partner.objects.exclude(parent=None).count(), 1)

    def test_three_in_a_ring_leave_two(self) -> None:
        ring = [self.harbor, self.pier, self.quay, self.harbor]
        for _again in range(10):
            Partner.objects.update(parent=None)
            acts = [self.moves(one, under) for one, under in itertools.pairwise(ring)]
            self.assertEqual(len(self.together(*acts)), 1)
            self.assertEqual(in_circles(Partner.objects.values("pk")), [])
