"""The operation in migrations: it can be taken back, and outlives a table that is built anew."""

from __future__ import annotations

from unittest import skipUnless

from django.core.management import call_command
from django.db import connection, models
from django.test import TransactionTestCase

from comity.search import matching, sqlite
from comity.search.migrations_ops import SearchIndex
from comity.search.tests.places import place_model


class Operation(TransactionTestCase):
    """The schema changes here, so nothing is inside a transaction."""

    def setUp(self) -> None:
        from django.db.migrations.state import ModelState, ProjectState

        self.Place = place_model()
        self.operation = SearchIndex("Place", ["name"])
        self.state = ProjectState()
        self.state.add_model(ModelState.from_model(self.Place))
        with connection.schema_editor() as editor:
            editor.create_model(self.Place)
        self.addCleanup(self.drop)

    def drop(self) -> None:
        with connection.schema_editor() as editor:
            editor.delete_model(self.Place)

    def forwards(self) -> None:
        with connection.schema_editor() as editor:
            self.operation.database_forwards("search", editor, self.state, self.state)

    def backwards(self) -> None:
        with connection.schema_editor() as editor:
            self.operation.database_backwards("search", editor, self.state, self.state)

    def found(self, text: str) -> int:
        return len(matching(self.Place.objects.all(), text))

    def test_rows_that_were_there_before_are_indexed_and_it_can_be_taken_back(self) -> None:
        self.Place.objects.create(name="Parks")
        self.forwards()
        self.assertEqual(self.found("parks"), 1)
        self.backwards()
        self.Place.objects.create(name="still written")
        self.forwards()
        self.assertEqual(self.found("written"), 1)
        self.backwards()

    def test_it_leaves_the_models_as_they_were(self) -> None:
        before = self.state.clone()
        self.operation.state_forwards("search", self.state)
        self.assertEqual(before, self.state)

    @skipUnless(connection.vendor == "sqlite", "only SQLite builds a table anew to change it")
    def test_a_table_built_anew_by_a_later_migration_gets_its_triggers_back(self) -> None:
        self.forwards()
        self.addCleanup(lambda: None)
        self.Place.objects.create(name="Parks")
        old = self.Place._meta.get_field("code")
        new = models.CharField(max_length=50, default="x")
        new.set_attributes_from_name("code")
        new.model = self.Place
        with connection.schema_editor() as editor:
            editor.alter_field(self.Place, old, new)
        self.Place.objects.create(name="Roads")
        self.assertEqual(self.found("roads"), 0, "the triggers went with the old table")
        self.assertEqual(sqlite.mend(connection), ["search_place"])
        self.assertEqual((self.found("parks"), self.found("roads")), (1, 1))
        self.Place.objects.create(name="Rivers")
        self.assertEqual(self.found("rivers"), 1)
        self.assertEqual(sqlite.mend(connection), [], "a whole index is left alone")
        self.backwards()

    @skipUnless(connection.vendor == "sqlite", "only SQLite builds a table anew to change it")
    def test_migrating_mends_what_it_broke(self) -> None:
        self.forwards()
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER search_place_search_insert")
        call_command("migrate", verbosity=0)
        self.Place.objects.create(name="Roads")
        self.assertEqual(self.found("roads"), 1)
        self.backwards()
