from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "comity.meetings"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.meetings.nouns import NOUNS
        from comity.nouns import declare

        declare(*NOUNS)
