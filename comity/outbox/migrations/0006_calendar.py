"""A mail may carry an invitation."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("outbox", "0005_taken_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="calendar",
            field=models.TextField(blank=True),
        ),
    ]
