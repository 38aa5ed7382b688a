from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ACTS = ("insert", "update", "delete")


def drop_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The triggers that kept the table, where an installation has them."""
    on_table = " ON followups_followup" if schema_editor.connection.vendor == "postgresql" else ""
    for act in ACTS:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS followups_ringcount_{act}{on_table}")
        if on_table:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS followups_ringcount_{act}()")


class Migration(migrations.Migration):
    """The figures of the ring are counted when they are asked for."""

    dependencies = [("followups", "0008_kind_by_day")]

    operations = [
        migrations.RunPython(drop_triggers),
        migrations.DeleteModel(name="RingCount"),
        migrations.RemoveIndex(model_name="followup", name="follow_up_by_due_day"),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(fields=["due_on", "id", "state", "heard_on"], name="follow_up_by_due_day"),
        ),
        migrations.RemoveIndex(model_name="followup", name="follow_up_counted"),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                fields=[
                    "heard_on",
                    "kind",
                    "state",
                    "partner",
                    "owned_on",
                    "own_by",
                    "done_on",
                    "promised_on",
                    "helped",
                    "due_on",
                ],
                name="follow_up_counted",
            ),
        ),
    ]
