
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0002_search'),
    ]

    operations = [
        migrations.AlterField(
            model_name='message',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('kept', 'Kept here (no mail server)'), ('held', 'Blocked'), ('dead', 'Not delivered'), ('given_up', 'Canceled')], default='waiting', max_length=10),
        ),
        migrations.AlterField(
            model_name='suppression',
            name='reason',
            field=models.CharField(choices=[('bounced', 'Bounced'), ('opted_out', 'Asked us to stop'), ('by_hand', 'Stopped by the office')], max_length=10),
        ),
    ]
