from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    name = "comity.office"
    label = "office"

    def ready(self) -> None:
        from comity import jobs
        from comity.office import services
        from comity.office.capabilities import MANAGE
        from comity.office.context import office
        from comity.outbox.services import register_context
        from comity.people.access import can
        from comity.ui.frame import MenuLink, account_menu

        register_context(office)
        jobs.register_zone(services.time_zone)
        account_menu.append(
            MenuLink(_("Office settings"), "office:settings", lambda request: can(request, MANAGE))
        )
