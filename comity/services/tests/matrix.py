"""How the permission matrix gets a service and an offering: no partner's, and so the office's alone."""

from __future__ import annotations

from comity.partners.models import Partner
from comity.services.models import Offering, Service
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def service_for(cast: Cast, partner: Partner) -> Service:
    name = f"Hosting for {partner.code}"
    found, _made = Service.objects.get_or_create(
        name=name, defaults={"promise": "We run it.", "owner": cast.sol, "status": Service.Status.ACTIVE}
    )
    return found


def offering_for(cast: Cast, partner: Partner) -> Offering:
    found, _made = Offering.objects.get_or_create(
        code=f"HOST-{partner.code}",
        defaults={
            "service": service_for(cast, partner),
            "name": "Server",
            "unit": Offering.Unit.DEVICE_MONTH,
            "kinds": ["court"],  # neither of the cast's partners is one
        },
    )
    return found


def _offering(cast: Cast, partner: Partner) -> Arguments:
    return (offering_for(cast, partner).pk,)


SUBJECTS = {
    **{
        f"services:{name}": Subject(lambda cast, partner: (service_for(cast, partner).pk,), office_only=True)
        for name in ("service", "edit", "retire", "hear")
    },
    **{
        f"services:{name}": Subject(_offering, office_only=True)
        for name in ("offering", "edit_offering", "retire_offering")
    },
}
