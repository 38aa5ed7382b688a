from datetime import time

from django.apps import AppConfig


class BriefingConfig(AppConfig):
    name = "comity.briefing"
    label = "briefing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity import jobs
        from comity.briefing.digest import send_digests

        jobs.every("briefing.digest", send_digests, daily_at=time(6, 0))
