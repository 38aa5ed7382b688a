from django.db import migrations

from comity.search.migrations_ops import SearchIndex


class Migration(migrations.Migration):

    dependencies = [("billing", "0002_runs_and_terms")]

    operations = [SearchIndex("billing.Bill", ["number"])]
