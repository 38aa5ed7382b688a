from typing import Any

from django.db import migrations


def rename(apps: Any, schema_editor: Any) -> None:
    """The band was called as the overview calls something else."""
    for model, name in (("Snapshot", "band"), ("Snapshot", "was"), ("Step", "band"), ("Override", "band")):
        apps.get_model("health", model).objects.filter(**{name: "trouble"}).update(**{name: "risk"})


class Migration(migrations.Migration):

    dependencies = [
        ('health', '0002_ranks'),
    ]

    operations = [
        migrations.RunPython(rename, migrations.RunPython.noop, elidable=True),
    ]
