from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "comity.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.imports.nouns import NOUNS
        from comity.nouns import declare

        declare(*NOUNS)
