"""A plan is a planned visit by name, before strategy and communications have plans of their own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("followups", "0010_words"),
        ("meetings", "0007_words"),
        ("partners", "0009_contact"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel("Plan", "PlannedVisit"),
        migrations.RenameIndex("PlannedVisit", new_name="meetings_pl_state_2fc66f_idx", old_name="meetings_pl_state_0e6be6_idx"),
        migrations.RenameIndex("PlannedVisit", new_name="meetings_pl_lead_id_dc14d0_idx", old_name="meetings_pl_lead_id_3fd155_idx"),
        migrations.AlterField(
            "PlannedVisit",
            "partners",
            models.ManyToManyField(related_name="planned_visits", to="partners.partner", verbose_name="with"),
        ),
        migrations.AlterField(
            "PlannedVisit",
            "theirs",
            models.ManyToManyField(
                blank=True, related_name="planned_visits", to="partners.person", verbose_name="who to meet"
            ),
        ),
        migrations.AlterField(
            "PlannedVisit",
            "follow_ups",
            models.ManyToManyField(blank=True, related_name="planned_visits", to="followups.followup"),
        ),
        migrations.AlterField(
            "PlannedVisit",
            "ours",
            models.ManyToManyField(
                related_name="planned_visits", through="meetings.Going", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            "PlannedVisit",
            "lead",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits_led",
                to=settings.AUTH_USER_MODEL,
                verbose_name="led by",
            ),
        ),
        migrations.AlterField(
            "PlannedVisit",
            "meeting",
            models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="planned_visit",
                to="meetings.meeting",
            ),
        ),
    ]
