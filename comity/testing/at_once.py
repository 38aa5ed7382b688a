"""Several acts at one moment, each on a connection of its own: what only PostgreSQL lets happen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from unittest import skipUnless

from django.db import connection, connections
from django.test import TransactionTestCase

from comity.core.errors import DomainError

one_writer = skipUnless(connection.vendor == "postgresql", "SQLite has one writer at a time")


class Together(TransactionTestCase):
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
