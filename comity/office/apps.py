from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "comity.office"
    label = "office"
