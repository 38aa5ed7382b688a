from django.db import migrations

from comity.search.migrations_ops import fill_sort_keys


class Migration(migrations.Migration):
    """Keys are worked out anew: District 2 stands before District 10, and The Arc with A."""

    dependencies = [
        ('people', '0004_sorted_as_people'),
    ]

    operations = [
        fill_sort_keys('people', 'user'),
    ]
