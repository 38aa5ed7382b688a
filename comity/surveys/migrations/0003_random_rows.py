"""Rows of answers lie in the order of their random keys on SQLite too."""

import functools
import secrets

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0002_asking_again"),
    ]

    operations = [
        migrations.AlterField(
            model_name="held",
            name="id",
            field=models.BigAutoField(
                default=functools.partial(secrets.randbelow, *(4611686018427387904,)),
                editable=False,
                primary_key=True,
                serialize=False,
            ),
        ),
        migrations.AlterField(
            model_name="remark",
            name="id",
            field=models.BigAutoField(
                default=functools.partial(secrets.randbelow, *(4611686018427387904,)),
                editable=False,
                primary_key=True,
                serialize=False,
            ),
        ),
        migrations.AlterField(
            model_name="response",
            name="id",
            field=models.BigAutoField(
                default=functools.partial(secrets.randbelow, *(4611686018427387904,)),
                editable=False,
                primary_key=True,
                serialize=False,
            ),
        ),
    ]
