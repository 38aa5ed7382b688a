from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    name = "comity.office"
    label = "office"

    def ready(self) -> None:
        from comity.audit import retention
        from comity.nouns import declare
        from comity.office import services
        from comity.office.capabilities import MANAGE
        from comity.office.context import office
        from comity.office.nouns import NOUNS
        from comity.outbox.services import register_context
        from comity.people.access import can
        from comity.ui.frame import MenuLink, account_menu

        declare(*NOUNS)
        register_context(office)
        retention.register_rules(services.rules_in_force)
        retention.register_holds(services.kinds_on_hold)
        account_menu.append(
            MenuLink(_("Office settings"), "office:settings", lambda request: can(request, MANAGE))
        )
