from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0005_turns")]

    operations = [
        migrations.AddField("import", "manner", models.JSONField(default=dict)),
        migrations.AddField("import", "found", models.JSONField(default=dict)),
        migrations.AddField(
            "importrow", "problem", models.TextField(blank=True, default=""), preserve_default=False
        ),
    ]
