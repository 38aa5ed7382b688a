from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def know_their_posts(apps: Any, schema_editor: Any) -> None:
    """Imports of old did not keep which post they made; undoing them asks for it now."""
    position = apps.get_model("partners", "Position")
    made = position.objects.filter(
        import_id=OuterRef("import_id"),
        person=OuterRef("person_id"),
        partner=OuterRef("partner"),
        title=OuterRef("title"),
    )
    apps.get_model("partners", "ArrivingPosition").objects.update(
        position_id=Subquery(made.order_by("pk").values("pk")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0005_likely_pairs"),
    ]

    operations = [
        migrations.AddField(
            model_name="arrivingposition",
            name="position_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="arrivingposition",
            name="person_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunPython(know_their_posts, migrations.RunPython.noop, elidable=True),
    ]
