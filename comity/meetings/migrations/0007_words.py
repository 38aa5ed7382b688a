
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0006_labels'),
        ('partners', '0009_contact'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='meeting',
            name='held_at',
            field=models.TimeField(blank=True, null=True, verbose_name='time'),
        ),
        migrations.AlterField(
            model_name='plan',
            name='lead',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans_led', to=settings.AUTH_USER_MODEL, verbose_name='led by'),
        ),
        migrations.AlterField(
            model_name='plan',
            name='planned_at',
            field=models.TimeField(blank=True, null=True, verbose_name='time'),
        ),
        migrations.AlterField(
            model_name='plan',
            name='theirs',
            field=models.ManyToManyField(blank=True, related_name='plans', to='partners.person', verbose_name='who to meet'),
        ),
        migrations.AlterField(
            model_name='plan',
            name='why',
            field=models.TextField(blank=True, verbose_name='what we want to say or ask'),
        ),
    ]
