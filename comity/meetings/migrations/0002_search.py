from django.db import migrations

from comity.search.migrations_ops import SearchIndex


class Migration(migrations.Migration):
    """Meetings are found by what they were about, what was said, and where."""

    dependencies = [("meetings", "0001_initial")]

    operations = [SearchIndex("meetings.Meeting", ["title", "said", "place"])]
