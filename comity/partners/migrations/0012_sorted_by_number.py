from django.db import migrations

from comity.search.migrations_ops import fill_sort_keys


class Migration(migrations.Migration):
    """Keys are worked out anew: District 2 stands before District 10, and The Arc with A."""

    dependencies = [
        ('partners', '0011_sorted_as_people'),
    ]

    operations = [
        fill_sort_keys('partners', 'partner', 'person'),
    ]
