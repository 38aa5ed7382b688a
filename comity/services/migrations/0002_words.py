
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('services', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='offering',
            name='code',
            field=models.CharField(error_messages={'unique': 'Another offering has this meter code.'}, help_text='Usage and rates are matched by this code.', max_length=40, unique=True, verbose_name='meter code'),
        ),
        migrations.AlterField(
            model_name='offering',
            name='kinds',
            field=models.JSONField(blank=True, default=list, verbose_name='who can have it'),
        ),
        migrations.AlterField(
            model_name='offering',
            name='unit',
            field=models.CharField(choices=[('device-month', 'device per month'), ('user-month', 'user per month'), ('gb-month', 'gigabyte per month'), ('hour', 'hour'), ('minute', 'minute'), ('scan', 'scan'), ('fte', 'full-time employee'), ('percent-of-spend', 'percent of spend'), ('instalment', 'fixed installment'), ('at-cost', 'at cost')], max_length=20, verbose_name='counted per'),
        ),
        migrations.AlterField(
            model_name='service',
            name='name',
            field=models.CharField(error_messages={'unique': 'There is already a service with this name.'}, max_length=100, unique=True, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='service',
            name='promise',
            field=models.CharField(help_text='One sentence.', max_length=300, verbose_name='what it does for them'),
        ),
    ]
