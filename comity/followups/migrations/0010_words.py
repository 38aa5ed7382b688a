
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('followups', '0009_plain_counts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='followup',
            name='told_how',
            field=models.CharField(blank=True, choices=[('in_person', 'In person'), ('phone', 'By phone'), ('mail', 'By email from Comity'), ('public', 'In public, or through their contact')], max_length=10),
        ),
        migrations.AlterField(
            model_name='step',
            name='what',
            field=models.CharField(choices=[('heard', 'Heard'), ('owned', 'Owned'), ('handed_over', 'Handed over'), ('given_back', 'Owner removed'), ('due_moved', 'Due date changed'), ('edited', 'Changed'), ('done', 'Done'), ('told', 'Told'), ('helped', 'Answered'), ('reopened', 'Reopened'), ('withdrawn', 'Withdrawn'), ('undone', 'Undone'), ('escalated', 'Escalated')], max_length=20),
        ),
    ]
