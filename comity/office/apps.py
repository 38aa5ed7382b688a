from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "comity.office"
    label = "office"

    def ready(self) -> None:
        from comity.office.context import office
        from comity.outbox.services import register_context

        register_context(office)
