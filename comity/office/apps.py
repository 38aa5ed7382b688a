from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    name = "comity.office"
    label = "office"

    def ready(self) -> None:
        from comity.office.capabilities import MANAGE
        from comity.people.access import can
        from comity.ui.frame import MenuLink, account_menu

        account_menu.append(
            MenuLink(_("Office settings"), "office:settings", lambda request: can(request, MANAGE))
        )
