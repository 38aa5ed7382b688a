from __future__ import annotations

from typing import Any

from django.db import migrations, models


def say_who_writes(apps: Any, schema_editor: Any) -> None:
    """What an earlier version left in the middle may have left rows that nobody sees."""
    batches = apps.get_model("imports", "Import").objects
    batches.filter(state="applying", applied_at=None).update(writing=True)
    batches.filter(state="undoing").exclude(undone_at=None).update(writing=True)


class Migration(migrations.Migration):
    dependencies = [("imports", "0004_words")]

    operations = [
        migrations.AddField("import", "writing", models.BooleanField(default=False)),
        migrations.RunPython(say_who_writes, migrations.RunPython.noop),
    ]
