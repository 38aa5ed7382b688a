from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "comity.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.jobs import every
        from comity.outbox import sending

        # In a lane of its own: a mail server that answers slowly keeps nothing else waiting.
        every(
            "outbox.send",
            sending.send_waiting,
            minutes=3 / 60,
            lane="mail",
            when=sending.something_waits,
        )
