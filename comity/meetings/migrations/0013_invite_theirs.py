"""Whether those who are to be met are invited by mail."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("meetings", "0012_kinds_and_what_is_ours_alone"),
    ]

    operations = [
        migrations.AddField(
            model_name="plannedvisit",
            name="invite_theirs",
            field=models.BooleanField(default=False, verbose_name="invite them by email"),
        ),
    ]
