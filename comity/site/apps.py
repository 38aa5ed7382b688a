from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "comity.site"
    label = "site"

    def ready(self) -> None:
        from comity.people.access import install_roles
        from comity.site.roles import CAPABILITIES

        install_roles(CAPABILITIES)
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
