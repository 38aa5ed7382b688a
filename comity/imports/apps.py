from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "comity.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity import jobs
        from comity.imports import applying, services, staging

        jobs.register_work(services.READ_WORK, staging.read)
        jobs.register_work(services.APPLY_WORK, applying.apply)
        jobs.register_work(services.UNDO_WORK, applying.undo)
