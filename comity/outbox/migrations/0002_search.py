from django.db import migrations

from comity.search.migrations_ops import SearchIndex


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [SearchIndex("outbox.Message", ["to", "to_name", "subject"])]
