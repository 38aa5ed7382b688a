from datetime import time

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BriefingConfig(AppConfig):
    name = "comity.briefing"
    label = "briefing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity import jobs
        from comity.briefing.digest import send_digests
        from comity.briefing.nouns import NOUNS
        from comity.nouns import declare

        declare(*NOUNS)
        jobs.every("briefing.digest", send_digests, daily_at=time(6, 0), label=_("Write the daily summaries"))
