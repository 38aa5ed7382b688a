from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "comity.partners"
    label = "partners"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.nouns import declare
        from comity.partners.nouns import NOUNS

        declare(*NOUNS)
