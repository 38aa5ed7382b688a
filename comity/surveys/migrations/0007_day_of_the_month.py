from django.db import migrations, models


class Migration(migrations.Migration):
    """What is asked on the 31st comes back to it after a month of thirty days."""

    dependencies = [("surveys", "0006_search")]

    operations = [
        migrations.AddField(
            model_name="series",
            name="day",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
    ]
