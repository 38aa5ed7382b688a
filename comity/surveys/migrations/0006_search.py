from django.db import migrations

from comity.search.migrations_ops import SearchIndex


class Migration(migrations.Migration):
    """Waves and surveys are found by their names and keys."""

    dependencies = [("surveys", "0005_what_came_of_a_wave")]

    operations = [
        SearchIndex("surveys.Wave", ["name", "key"]),
        SearchIndex("surveys.Survey", ["name", "key"]),
    ]
