from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate


class EditingConfig(AppConfig):
    name = "comity.editing"
    label = "editing"

    def ready(self) -> None:
        # Django tells only apps with models that all have migrated; the trail is there for certain.
        post_migrate.connect(put_up_guards, sender=apps.get_app_config("audit"))


def put_up_guards(using: str, **said: Any) -> None:
    """After `migrate`: new tables have no guard yet, and one that SQLite had to build anew has lost its own."""
    from comity.editing import final

    final.put_up(connections[using])
