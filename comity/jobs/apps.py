from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "comity.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.jobs.nouns import NOUNS
        from comity.nouns import declare

        declare(*NOUNS)
