"""A small findable table of the tests' own, so that search is tried without any room above it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import connection, models
from django.db.migrations.state import ModelState, ProjectState
from django.test.utils import isolate_apps
from hypothesis.extra.django import TestCase

from comity.search.migrations_ops import SearchIndex


def place_model() -> Any:
    """A model that Django's registry never hears of."""
    with isolate_apps("comity.search"):

        class Place(models.Model):
            name = models.CharField(max_length=20_000)
            code = models.CharField(max_length=30, blank=True)
            size = models.IntegerField(default=0)

            class Meta:
                app_label = "search"

            def __str__(self) -> str:
                return self.name

    return Place


class PlaceTestCase(TestCase):
    """Has `self.Place`, a model with a name and a code that can be searched, in a table made for the class."""

    Place: ClassVar[Any]
    operation: ClassVar[SearchIndex]
    state: ClassVar[ProjectState]

    @classmethod
    def setUpClass(cls) -> None:
        cls.Place = place_model()
        cls.operation = SearchIndex("search.Place", ["name", "code"])
        cls.state = ProjectState()
        cls.state.add_model(ModelState.from_model(cls.Place))
        with connection.schema_editor() as editor:
            editor.create_model(cls.Place)
            cls.operation.database_forwards("search", editor, cls.state, cls.state)
        super().setUpClass()

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        with connection.schema_editor() as editor:
            cls.operation.database_backwards("search", editor, cls.state, cls.state)
            editor.delete_model(cls.Place)

    def place(self, name: str, **fields: Any) -> Any:
        return self.Place.objects.create(name=name, **fields)
