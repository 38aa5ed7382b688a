
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='mail',
            field=models.CharField(choices=[('at_once', 'By email, right away'), ('digest', 'In the daily summary'), ('never', 'In Comity only'), ('off', 'Not at all')], default='digest', max_length=10),
        ),
        migrations.AlterField(
            model_name='preference',
            name='mail',
            field=models.CharField(choices=[('at_once', 'By email, right away'), ('digest', 'In the daily summary'), ('never', 'In Comity only'), ('off', 'Not at all')], max_length=10),
        ),
    ]
