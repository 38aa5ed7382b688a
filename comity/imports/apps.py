from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "comity.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity import jobs
        from comity.imports import applying, services, staging, tending
        from comity.imports.nouns import NOUNS
        from comity.nouns import declare

        declare(*NOUNS)
        jobs.register_work(services.READ_WORK, staging.read)
        jobs.register_work(services.APPLY_WORK, applying.apply)
        jobs.register_work(services.UNDO_WORK, applying.undo)
        jobs.every("imports.mend", tending.mend, minutes=60, label=_("Mend imports that were cut off"))
