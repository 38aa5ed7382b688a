"""How many were reached and have answered is counted from the index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0013_no_sheets_of_anonymous_waves")]

    operations = [
        migrations.RemoveIndex("participant", name="surveys_par_wave_id_8f23b8_idx"),
        migrations.AddIndex(
            "participant",
            models.Index(name="participant_counted", fields=["wave", "state", "answered"]),
        ),
    ]
