from typing import Any

from django.conf import settings
from django.db import migrations, models

import comity.editing.exact

# Cost pools as the taxonomy of Technology Business Management has them, in plain words; the office changes them as it likes.
USUAL = {
    "Staff": ("Employees", "Contract staff"),
    "Outside services": ("Consulting", "Managed services", "Cloud services"),
    "Hardware": ("Hardware", "Hardware maintenance"),
    "Software": ("Software licenses", "Software maintenance"),
    "Facilities and power": ("Data center space", "Office space", "Power"),
    "Telecom": ("Network lines", "Voice"),
    "Internal services": ("Service desk", "Security", "Management and administration"),
    "Other": ("Other costs",),
}


def enter_pools(apps: Any, schema_editor: Any) -> None:
    pools = apps.get_model("rates", "CostPool")
    named = [(group, name) for group, names in USUAL.items() for name in names]
    pools.objects.bulk_create(
        pools(name=name, group=group, order=10 * (place + 1)) for place, (group, name) in enumerate(named)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('rates', '0001_initial'),
        ('services', '0003_units_classes_cost_centers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='forecast',
            name='plan',
            field=models.JSONField(blank=True, null=True, verbose_name='price plan'),
        ),
        migrations.AlterField(
            model_name='stepshare',
            name='weight',
            field=comity.editing.exact.ExactField(decimal_places=4, default=0, verbose_name='weight'),
        ),
        migrations.AddIndex(
            model_name='ledgerline',
            index=models.Index(fields=['object_code'], name='rates_ledge_object__70d1c6_idx'),
        ),
        migrations.AddConstraint(
            model_name='costmodel',
            constraint=models.UniqueConstraint(condition=models.Q(('name', ''), _negated=True), fields=('name',), name='what_if_name_once'),
        ),
        migrations.RunPython(enter_pools, migrations.RunPython.noop),
    ]
