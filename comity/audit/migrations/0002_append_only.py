from typing import Any

from django.db import migrations

from comity.audit import guards


def put_up(apps: Any, schema_editor: Any) -> None:
    guards.put_up(schema_editor.connection)


def take_down(apps: Any, schema_editor: Any) -> None:
    guards.take_down(schema_editor.connection)


class Migration(migrations.Migration):
    """Guards are no part of any model's state; they are put back after a migration that rebuilds a table, too."""

    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(put_up, take_down)]
