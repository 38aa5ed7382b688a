"""How the permission matrix gets a service and an offering: no partner's, and so the office's alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from comity.partners.models import Partner
from comity.services.models import CostCenter, CustomerClass, DataClass, Fund, Offering, Service
from comity.services.models import Subject as ServiceSubject
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def service_for(cast: Cast, partner: Partner) -> Service:
    name = f"Hosting for {partner.code}"
    KEPT["subject"](cast, partner)  # so that every form of a service asks what it helps to do
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


def _kept(model: type[Model], **facts: Any) -> Callable[[Cast, Partner], Arguments]:
    """A fund, a cost center or a customer class, one for each partner of the cast."""

    def make(_cast: Cast, partner: Partner) -> Arguments:
        known: Any = model._default_manager
        said = {name: value.format(partner.code) for name, value in facts.items()}
        if model is CostCenter:
            fund, _made = Fund.objects.get_or_create(code="ISF", defaults={"name": "Internal services"})
            said["fund"] = fund
        found, _made = known.get_or_create(**said)
        return (found.pk,)

    return make


KEPT = {
    "fund": _kept(Fund, code="F-{}", name="Fund of {}"),
    "cost_center": _kept(CostCenter, code="C-{}", name="Center of {}"),
    "customer_class": _kept(CustomerClass, name="Like {}"),
    "data_class": _kept(DataClass, name="Data of {}"),
    "subject": _kept(ServiceSubject, name="Work as {} does"),
}
SUBJECTS = {
    **{
        f"services:{verb}_{name}": Subject(make, office_only=True)
        for name, make in KEPT.items()
        for verb in ("edit", "remove")
    },
    "services:customer_class": Subject(KEPT["customer_class"], office_only=True),
    **{
        f"services:{name}": Subject(lambda cast, partner: (service_for(cast, partner).pk,), office_only=True)
        for name in ("service", "edit", "retire", "hear", "entry", "spanish", "publish")
    },
    **{
        f"services:{name}": Subject(_offering, office_only=True)
        for name in ("offering", "edit_offering", "retire_offering")
    },
}
