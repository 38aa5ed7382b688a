from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    name = "comity.followups"
    label = "followups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.followups import registering

        registering.register_all()
