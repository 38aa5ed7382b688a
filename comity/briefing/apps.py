from django.apps import AppConfig


class BriefingConfig(AppConfig):
    name = "comity.briefing"
    label = "briefing"
    default_auto_field = "django.db.models.BigAutoField"
