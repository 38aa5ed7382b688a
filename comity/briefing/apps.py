from django.apps import AppConfig


class BriefingConfig(AppConfig):
    name = "comity.briefing"
    label = "briefing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.briefing.nouns import NOUNS
        from comity.nouns import declare

        declare(*NOUNS)
