from django.db import migrations
from django.utils import timezone

CLASSES = (
    ("CJIS (criminal justice)", "CJIS (justicia penal)"),
    ("FTI (federal tax)", "FTI (impuestos federales)"),
    ("HIPAA (health)", "HIPAA (salud)"),
    ("PCI (payment cards)", "PCI (tarjetas de pago)"),
    ("Public", "Pública"),
)


def begin(apps, schema_editor):  # noqa: ANN001, ANN201
    """The usual classes of data; and what partners read of services until now, as their first edition."""
    kinds, service, edition = (apps.get_model("services", name) for name in ("DataClass", "Service", "Edition"))
    kinds.objects.bulk_create(
        kinds(name=name, name_es=name_es, order=order) for order, (name, name_es) in enumerate(CLASSES, 1)
    )
    edition.objects.bulk_create(
        edition(service=each, number=1, facts={"promise": each.promise}, published_at=timezone.now())
        for each in service.objects.exclude(status="planned")
    )


class Migration(migrations.Migration):

    dependencies = [("services", "0004_the_catalog")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
