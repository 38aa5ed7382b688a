from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "comity.partners"
    label = "partners"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from datetime import time

        from comity import jobs
        from comity.nouns import declare
        from comity.partners import services
        from comity.partners.duplicates import finding
        from comity.partners.nouns import NOUNS
        from comity.partners.services.daily import turn_of_day
        from comity.people.access import register_partner_roles
        from comity.people.services import follow_address

        declare(*NOUNS)
        finding.register()
        register_partner_roles(services.roles_of)
        follow_address(services.follow_sign_in)
        jobs.every(
            "partners.turn_of_day",
            turn_of_day,
            daily_at=time(0, 10),
            label=_("Close access that lapsed; note who has no lead contact"),
        )
