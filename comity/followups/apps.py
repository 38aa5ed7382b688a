from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FollowupsConfig(AppConfig):
    name = "comity.followups"
    label = "followups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(mend_ring_counts, sender=self)


def mend_ring_counts(using: str, **said: Any) -> None:
    """After `migrate` and `flush`: put back what the kept figures lost."""
    from comity.followups.counting import keeping

    keeping.mend(using)
