"""How the permission matrix gets a service at a partner, and one that it may ask for."""

from __future__ import annotations

from comity.adoption.models import Adoption, Eligibility, Stage, Step
from comity.partners.models import Partner
from comity.services.models import Service
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def service_of(cast: Cast, name: str = "Backup of canaries") -> Service:
    facts = {"owner": cast.sol, "status": Service.Status.ACTIVE, "promise": "They sing on."}
    found, _made = Service.objects.get_or_create(name=name, defaults=facts)
    return found


def eligibility(cast: Cast, service: Service | None = None) -> Eligibility:
    facts = {"kinds": ["agency"], "offer": "Two copies of each.", "basis": "Code 1"}
    found, _made = Eligibility.objects.get_or_create(service=service or service_of(cast), defaults=facts)
    return found


def request_of(cast: Cast, partner: Partner) -> Adoption:
    known = {"stage": Stage.REQUESTED, "since": cast.today}
    row, made = Adoption.objects.get_or_create(service=service_of(cast), partner=partner, defaults=known)
    if made:
        Step.objects.create(
            adoption=row,
            stage=row.stage,
            on=cast.today,
            facts={"requirements": f"Canaries of {partner.name}."},
        )
    return row


def _adoption(cast: Cast, partner: Partner) -> Arguments:
    return (request_of(cast, partner).pk,)


def _step(cast: Cast, partner: Partner) -> Arguments:
    return request_of(cast, partner).pk, "analyzed"


def _partner(_cast: Cast, partner: Partner) -> Arguments:
    return (partner.pk,)


def _ask(cast: Cast, partner: Partner) -> Arguments:
    return partner.pk, eligibility(cast, service_of(cast, "Scans of canaries")).service_id


def _eligibility(cast: Cast, _partner: Partner) -> Arguments:
    return (eligibility(cast).pk,)


SUBJECTS = {
    "adoption:adoption": Subject(_adoption),
    "adoption:add_body": Subject(_adoption, office_only=True),
    "adoption:take_back": Subject(_adoption, office_only=True),
    "adoption:step": Subject(_step, (999_999_999, "analyzed"), office_only=True),
    "adoption:of_partner": Subject(_partner),
    "adoption:ask": Subject(_ask, (999_999_999, 999_999_999)),
    **{
        f"adoption:{name}_eligibility": Subject(_eligibility, office_only=True) for name in ("edit", "remove")
    },
}
