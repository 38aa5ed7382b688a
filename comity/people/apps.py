from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "comity.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.people.access import can
        from comity.people.capabilities import MANAGE
        from comity.people.saved_views import SavedViews
        from comity.ui import saved_views
        from comity.ui.frame import MenuLink, account_menu

        saved_views.register(SavedViews())
        account_menu.append(MenuLink(_("Your details and sign-in"), "people:me"))
        account_menu.append(MenuLink(_("People"), "people:list", lambda request: can(request, MANAGE)))
