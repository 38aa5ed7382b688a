from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "comity.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.jobs import every
        from comity.nouns import declare
        from comity.outbox import sending
        from comity.outbox.nouns import NOUNS

        declare(*NOUNS)

        # In a lane of its own: a mail server that answers slowly keeps nothing else waiting.
        every(
            "outbox.send",
            sending.send_waiting,
            minutes=3 / 60,
            lane="mail",
            when=sending.something_waits,
            label=_("Send the mail that waits"),
        )
