from datetime import time

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "comity.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.jobs import queue
        from comity.jobs.nouns import NOUNS
        from comity.jobs.registry import every
        from comity.nouns import declare

        declare(*NOUNS)
        every(
            "jobs.forget_old_entries",
            queue.forget_old_entries,
            daily_at=time(3, 30),
            label=_("Clear away the queue’s old entries"),
        )
