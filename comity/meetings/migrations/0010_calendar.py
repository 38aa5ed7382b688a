"""One's own calendar elsewhere: a link, and on meetings and visits when they were changed last, as an event has to say."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def as_written(apps: Any, _editor: Any) -> None:
    """Of those that are there already no more is known than when they were written down."""
    for name in ("Meeting", "PlannedVisit"):
        apps.get_model("meetings", name).objects.update(changed_at=models.F("written_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0009_rows_that_name_planned_visits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("meeting", "changed_at", models.DateTimeField(auto_now=True)),
        migrations.AddField("plannedvisit", "changed_at", models.DateTimeField(auto_now=True)),
        migrations.RunPython(as_written, migrations.RunPython.noop, elidable=True),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_feed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
