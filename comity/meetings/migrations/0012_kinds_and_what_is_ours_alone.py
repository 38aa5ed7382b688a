"""Meetings have a kind, and what is for the office alone beside what was said; visits can come in a series.

Nothing becomes more visible: what only the office saw stays so as a whole, and what is new begins empty.
"""

import django.db.models.deletion
from django.db import migrations, models

from comity.search.migrations_ops import NoSearchIndex, SearchIndex

KINDS = [
    ("visit", "Visit"),
    ("briefing", "Mission briefing"),
    ("journey", "Joint journey review"),
    ("quarterly", "Quarterly review"),
    ("introduction", "Executive introduction"),
]
MOODS = [
    ("warm", "Warm"),
    ("constructive", "Constructive"),
    ("neutral", "Businesslike"),
    ("reserved", "Reserved"),
    ("strained", "Strained"),
]
KIND = models.CharField("kind", max_length=15, choices=KINDS, default="visit")


class Migration(migrations.Migration):
    dependencies = [("meetings", "0011_imported_events")]

    operations = [
        NoSearchIndex("meetings.Meeting", ["title", "said", "place"]),
        migrations.AddField("Meeting", "kind", KIND),
        migrations.AddField(
            "Meeting", "notes", models.TextField("notes for our office", blank=True, default=""), preserve_default=False
        ),
        migrations.AddField(
            "Meeting",
            "mood",
            models.CharField("mood", max_length=15, choices=MOODS, blank=True, default=""),
            preserve_default=False,
        ),
        SearchIndex("meetings.Meeting", ["title", "said", "place", "notes"]),
        migrations.AddField("PlannedVisit", "kind", KIND.clone()),
        migrations.AddField(
            "PlannedVisit",
            "travel",
            models.CharField("travel note", max_length=300, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "PlannedVisit", "in_series", models.BooleanField("part of a series", default=False)
        ),
        migrations.AddField(
            "PlannedVisit",
            "after",
            models.OneToOneField(
                "meetings.plannedvisit",
                django.db.models.deletion.SET_NULL,
                null=True,
                blank=True,
                editable=False,
                related_name="next",
            ),
        ),
    ]
