from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "comity.site"
    label = "site"

    def ready(self) -> None:
        from comity.nouns import Actions, declare
        from comity.people.access import install_roles
        from comity.site.roles import CAPABILITIES

        install_roles(CAPABILITIES)
        # The names that the commands `backup` and `restore` write; their modules are loaded only when they are run.
        declare(Actions({"site.backup": _("made a backup"), "site.restore": _("put a backup back")}))
