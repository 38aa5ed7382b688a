from datetime import time, timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "comity.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.core import retention
        from comity.jobs import queue
        from comity.jobs.registry import every

        retention.register(
            retention.Kept(
                "finished_work", _("Finished background work"), timedelta(days=90), queue.destroy_ended
            )
        )
        every(
            "jobs.forget_old_entries",
            queue.forget_old_entries,
            daily_at=time(3, 30),
            label=_("Clear away the queue’s old entries"),
        )
