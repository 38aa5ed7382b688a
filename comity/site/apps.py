from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "comity.site"
    label = "site"

    def ready(self) -> None:
        from comity.people.access import install_roles
        from comity.site.roles import CAPABILITIES

        install_roles(CAPABILITIES)
