"""The operation that makes a model findable, for use in migrations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from comity.search import postgresql, sqlite
from comity.search.sorting import sort_key, sort_keys


class SearchIndex(Operation):
    """Keep an index of a model's words, by the database itself.

    SearchIndex("partners.Partner", ["name", "code"])

    Whatever writes the rows (bulk_create, update(), INSERT ... SELECT, psql), the index is right. It changes
    no model, so Django's picture of the tables stays as it was.

    SQLite: an FTS5 table over the model's own, kept by three triggers. A later migration that makes Django
    build the table anew drops triggers; they are put back, and the index built anew, after `migrate`.
    PostgreSQL: a generated column of words with a GIN index. PostgreSQL refuses to change the type of a
    column the words come from: reverse this operation in that migration, and repeat it after.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_label: str, fields: Sequence[str]) -> None:
        self.model_label = model_label
        self.fields = list(fields)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """An index is none of the models' business."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self._database(schema_editor).install(schema_editor, *self._columns(app_label, to_state))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self._database(schema_editor).remove(schema_editor, *self._columns(app_label, to_state))

    def describe(self) -> str:
        return f"Index the words of {self.model_label}"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.model_label.rpartition('.')[2].lower()}_search"

    def _database(self, schema_editor: BaseDatabaseSchemaEditor) -> Any:
        return {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]

    def _columns(self, app_label: str, state: ProjectState) -> tuple[str, str, list[str]]:
        """The table, its key and the columns with the words."""
        app, _, name = self.model_label.rpartition(".")
        meta = state.apps.get_model(app or app_label, name)._meta
        columns = [str(meta.get_field(field).column) for field in self.fields]
        return meta.db_table, str(meta.pk.column), columns


class NoSearchIndex(SearchIndex):
    """Take an index away, before one of other fields: the other way round."""

    def database_forwards(self, *change: Any) -> None:
        super().database_backwards(*change)

    def database_backwards(self, *change: Any) -> None:
        super().database_forwards(*change)

    def describe(self) -> str:
        return f"Forget the index of the words of {self.model_label}"


def fill_sort_keys(app_label: str, *models: str) -> RunPython:
    """Work out the sort keys of rows that were there before them, or before they were worked out as they are now."""

    def fill(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for name in models:
            model = apps.get_model(app_label, name)
            table, (of, key) = model._meta.db_table, *sort_keys(model).items()
            rows = model._base_manager.values_list(of, key, "pk")
            with schema_editor.connection.cursor() as cursor:
                keys = [(new, pk) for text, old, pk in rows if (new := sort_key(text)) != old]
                cursor.executemany(f'UPDATE "{table}" SET "{key}" = %s WHERE "id" = %s', keys)

    return RunPython(fill, RunPython.noop)
