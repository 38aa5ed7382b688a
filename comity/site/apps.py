from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "comity.site"
    label = "site"

    def ready(self) -> None:
        from comity.audit.words import register_actions
        from comity.people.access import install_roles
        from comity.site.roles import CAPABILITIES

        install_roles(CAPABILITIES)
        # The names that the commands `backup` and `restore` write; their modules are loaded only when they are run.
        register_actions({"site.backup": _("made a backup"), "site.restore": _("put a backup back")})
        _tell_the_trail_who_partners_are()


def _tell_the_trail_who_partners_are() -> None:
    from comity.audit import partners
    from comity.office.services import words
    from comity.partners.models import Partner

    partners.register(
        partners.Partners(
            kind="partners.Partner",
            label=lambda: words().Partner,
            find=lambda user, text: (
                Partner.objects.visible_to(user).search(text).values_list("pk", flat=True)
            ),
        )
    )
