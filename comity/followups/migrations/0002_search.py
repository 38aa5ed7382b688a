from django.db import migrations

from comity.search.migrations_ops import SearchIndex


class Migration(migrations.Migration):
    """Follow-ups are found by their line and their words."""

    dependencies = [("followups", "0001_initial")]

    operations = [SearchIndex("followups.FollowUp", ["title", "said"])]
