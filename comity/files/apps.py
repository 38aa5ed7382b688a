from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "comity.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.core import retention
        from comity.files.nouns import NOUNS
        from comity.files.services import destroy_removed
        from comity.nouns import declare

        declare(*NOUNS)
        retention.register(
            retention.Kept(
                key="removed_attachments",
                label=_("Attachments someone removed"),
                keep=timedelta(days=30),
                destroy=destroy_removed,
            )
        )
