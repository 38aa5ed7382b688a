from datetime import time

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "comity.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.jobs import queue
        from comity.jobs.registry import every

        every("jobs.forget_old_entries", queue.forget_old_entries, daily_at=time(3, 30))
