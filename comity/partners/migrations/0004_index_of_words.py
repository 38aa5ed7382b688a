from django.db import migrations

from comity.search.migrations_ops import SearchIndex


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0003_longer_keys_and_search_text"),
    ]

    operations = [
        SearchIndex("partners.Partner", ["name", "code", "search_text"]),
        SearchIndex("partners.Person", ["name", "email"]),
    ]
