from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "comity.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(put_up_guards, sender=self)


def put_up_guards(using: str, **said: Any) -> None:
    """After `migrate`: a table that SQLite had to build anew has lost its guard."""
    from comity.audit import guards

    connection = connections[using]
    if set(guards.TABLES) <= set(connection.introspection.table_names()):
        guards.put_up(connection)
