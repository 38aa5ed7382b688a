from django.core.serializers.json import DjangoJSONEncoder
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0002_refused_in_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="about",
            field=models.JSONField(default=dict, encoder=DjangoJSONEncoder),
        ),
        migrations.AddField(
            model_name="import",
            name="made",
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="import",
            name="state",
            field=models.CharField(
                choices=[
                    ("about", "Needs details"),
                    ("reading", "Being read"),
                    ("columns", "Needs its columns named"),
                    ("preview", "Ready to look at"),
                    ("applying", "Being applied"),
                    ("applied", "Applied"),
                    ("undoing", "Being undone"),
                    ("undone", "Undone"),
                    ("refused", "Refused"),
                    ("discarded", "Not applied"),
                ],
                default="reading",
                max_length=10,
            ),
        ),
    ]
