from datetime import time

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BriefingConfig(AppConfig):
    name = "comity.briefing"
    label = "briefing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity import jobs
        from comity.briefing.digest import KIND, send_digests
        from comity.outbox.kinds import MailKind, register

        register(MailKind(KIND, _("The daily summary"), may_stop=True))
        jobs.every("briefing.digest", send_digests, daily_at=time(6, 0), label=_("Write the daily summaries"))
