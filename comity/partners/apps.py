from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "comity.partners"
    label = "partners"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.nouns import declare
        from comity.partners import services
        from comity.partners.nouns import NOUNS
        from comity.people.access import register_partner_roles
        from comity.people.services import follow_address

        declare(*NOUNS)
        register_partner_roles(services.roles_of)
        follow_address(services.follow_sign_in)
