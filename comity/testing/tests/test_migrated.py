"""Databases of tests go away, whoever is still there."""

from __future__ import annotations

from unittest import TestCase, mock, skipUnless

import psycopg
from django.db import connection

from comity.testing import migrated


@skipUnless(connection.vendor == "postgresql", "SQLite's is a file")
class Dropping(TestCase):
    def test_a_session_that_a_test_left_is_ended_and_named(self) -> None:
        with migrated.scratch_database() as url, psycopg.connect(url, autocommit=True) as left:
            left.execute("SELECT 'left behind'")
            name = url.rpartition("/")[2]
            with mock.patch.object(migrated, "SECONDS_TO_LEAVE", 0):
                said = migrated.drop_whoever_is_there(name)
            self.assertEqual(
                said, [f"A test left a session in {name}, idle, which last did: SELECT 'left behind'"]
            )
            with self.assertRaises(psycopg.OperationalError):
                left.execute("SELECT 1")
