
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('office', '0003_validated'),
    ]

    operations = [
        migrations.AlterField(
            model_name='closure',
            name='name',
            field=models.CharField(max_length=100, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='office',
            name='due_days_high',
            field=models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(250)], verbose_name='business days if high priority'),
        ),
        migrations.AlterField(
            model_name='office',
            name='due_days_low',
            field=models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(250)], verbose_name='business days if it can wait'),
        ),
        migrations.AlterField(
            model_name='office',
            name='due_days_normal',
            field=models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(250)], verbose_name='business days if normal priority'),
        ),
        migrations.AlterField(
            model_name='office',
            name='due_days_urgent',
            field=models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(250)], verbose_name='business days if urgent'),
        ),
        migrations.AlterField(
            model_name='office',
            name='email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='contact email'),
        ),
        migrations.AlterField(
            model_name='office',
            name='fiscal_year_start',
            field=models.PositiveSmallIntegerField(default=7, verbose_name='first month of the fiscal year'),
        ),
        migrations.AlterField(
            model_name='office',
            name='own_within_days',
            field=models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(250)], verbose_name='business days to find an owner'),
        ),
        migrations.AlterField(
            model_name='office',
            name='partner_word',
            field=models.CharField(default='partner', max_length=50, verbose_name='singular'),
        ),
        migrations.AlterField(
            model_name='office',
            name='partner_word_es',
            field=models.CharField(default='organismo', max_length=50, verbose_name='singular, in Spanish'),
        ),
        migrations.AlterField(
            model_name='office',
            name='partner_words',
            field=models.CharField(default='partners', max_length=50, verbose_name='plural'),
        ),
        migrations.AlterField(
            model_name='office',
            name='partner_words_es',
            field=models.CharField(default='organismos', max_length=50, verbose_name='plural, in Spanish'),
        ),
        migrations.AlterField(
            model_name='office',
            name='state_holidays',
            field=models.CharField(blank=True, max_length=10, verbose_name='state holidays'),
        ),
        migrations.AlterField(
            model_name='retentionrule',
            name='keep_days',
            field=models.PositiveIntegerField(verbose_name='days to keep'),
        ),
        migrations.AlterField(
            model_name='retentionrule',
            name='schedule_item',
            field=models.CharField(blank=True, max_length=100, verbose_name='item in the retention schedule'),
        ),
        migrations.AlterField(
            model_name='visittier',
            name='every_days',
            field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3650)], verbose_name='days between visits'),
        ),
        migrations.AlterField(
            model_name='visittier',
            name='name',
            field=models.CharField(error_messages={'unique': 'There is already a tier with this name.'}, max_length=50, unique=True, verbose_name='name'),
        ),
    ]
