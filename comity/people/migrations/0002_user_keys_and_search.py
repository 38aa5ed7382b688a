from django.db import migrations, models

from comity.search.migrations_ops import SearchIndex


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="single_keys",
            field=models.BooleanField(default=True, verbose_name="single keys"),
        ),
        SearchIndex("people.User", ["name", "email", "title"]),
    ]
