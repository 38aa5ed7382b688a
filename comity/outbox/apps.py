from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "comity.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.nouns import declare
        from comity.outbox.nouns import NOUNS

        declare(*NOUNS)
