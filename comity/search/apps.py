from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "comity.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(mend_indexes, sender=self)


def mend_indexes(using: str, **said: Any) -> None:
    """After `migrate`: put back what a rebuilt table lost, and index anew what an earlier version indexed otherwise."""
    from comity.search import postgresql, sqlite

    {"sqlite": sqlite, "postgresql": postgresql}[connections[using].vendor].mend(connections[using])
