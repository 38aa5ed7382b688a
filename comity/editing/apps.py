from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "comity.editing"
    label = "editing"
