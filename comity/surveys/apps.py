from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "comity.surveys"
    label = "surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.nouns import declare
        from comity.surveys.nouns import NOUNS

        declare(*NOUNS)
