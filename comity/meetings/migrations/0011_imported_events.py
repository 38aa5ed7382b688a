"""Events of calendars that became meetings or visits, so that each is met again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("meetings", "0010_calendar"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("facts", models.JSONField()),
                ("import_id", models.BigIntegerField()),
                ("meeting", models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="calendar_event", to="meetings.meeting")),
                ("visit", models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="calendar_event", to="meetings.plannedvisit")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(models.Q(("meeting", None), ("visit__isnull", False)), models.Q(("meeting__isnull", False), ("visit", None)), _connector="OR"), name="calendar_event_became_one_thing")],
            },
        ),
    ]
