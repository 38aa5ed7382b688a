from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "comity.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.files.nouns import NOUNS
        from comity.nouns import declare

        declare(*NOUNS)
