"""The operation of a migration from which on the database keeps the figures."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from comity.followups.counting import statements


class KeepRingCounts(Operation):
    """Count every follow-up, and let triggers count on. It changes no model."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are none of the models' business."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        vendor = schema_editor.connection.vendor
        for statement in (
            *statements.remove(vendor),
            *statements.install(vendor),
            *statements.recount(vendor),
        ):
            schema_editor.execute(statement, None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for statement in statements.remove(schema_editor.connection.vendor):
            schema_editor.execute(statement, None)

    def describe(self) -> str:
        return "Keep the ring's figures as follow-ups change"

    @property
    def migration_name_fragment(self) -> str:
        return "keep_ring_counts"
