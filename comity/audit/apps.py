from datetime import time
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "comity.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.audit import retention, sealing
        from comity.audit.nouns import NOUNS
        from comity.jobs import every
        from comity.nouns import declare

        declare(*NOUNS)

        post_migrate.connect(put_up_guards, sender=self)
        # In a lane of its own: on PostgreSQL it may wait some seconds for others to finish writing.
        every(
            "audit.seal",
            sealing.seal,
            minutes=1,
            lane="sealing",
            when=sealing.something_to_seal,
            label=_("Seal the trail"),
        )
        every(
            "audit.apply_retention_rules",
            retention.apply_rules,
            daily_at=time(2, 30),
            label=_("Destroy what the retention rules let go"),
        )


def put_up_guards(using: str, **said: Any) -> None:
    """After `migrate`: a table that SQLite had to build anew has lost its guard."""
    from comity.audit import guards

    connection = connections[using]
    if set(guards.TABLES) <= set(connection.introspection.table_names()):
        guards.put_up(connection)
