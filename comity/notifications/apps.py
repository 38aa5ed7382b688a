from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "comity.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.ui.frame import MenuLink, account_menu

        account_menu.append(MenuLink(_("What I hear of"), "notifications:preferences"))
