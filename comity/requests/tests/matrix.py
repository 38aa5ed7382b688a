"""How the permission matrix gets requests, and the forms they are asked with."""

from __future__ import annotations

from django.utils import timezone

from comity.partners.models import Partner
from comity.requests import services
from comity.requests.models import ServiceRequest, Threshold
from comity.services.models import Offering, Service
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject

MEMBERS = {"PARKS": "ben", "TRAILS": "ben", "ROADS": "cy"}


def asked_for(cast: Cast) -> Offering:
    """An offering with a form in force, and a draft after it."""
    service, _made = Service.objects.get_or_create(
        name="Canary network", defaults={"promise": "It sings.", "owner": cast.sol, "status": "offered"}
    )
    offering, made = Offering.objects.get_or_create(
        service=service, name="Canary line", code="canary-line", unit="account"
    )
    if made:
        field = services.Field("", "text", "Which canary?", required=True)
        services.put(offering, field, by=cast.sol)
        services.write(offering, {"steps": [["3", "Catch it", ""]]}, by=cast.sol)
        services.publish(offering, by=cast.sol)
        services.put(offering, services.Field("", "text", "Why?"), by=cast.sol)
    return offering


def request_of(cast: Cast, partner: Partner, *, sent_back: bool = False) -> ServiceRequest:
    """What somebody at a partner asked for; sent back, or waiting for an approval."""
    offering = asked_for(cast)
    decision = "back" if sent_back else "waiting"
    found = ServiceRequest.objects.filter(partner=partner, decision=decision).first()
    if found is None:
        form = services.Form.objects.in_force().filter(offering=offering).get()
        by = getattr(cast, MEMBERS.get(partner.code, "ben"))
        found = ServiceRequest.objects.create(
            form=form,
            partner=partner,
            asked_by=by,
            asked_at=timezone.now(),
            answers={"f1": "Yellow"},
            decision=decision,
        )
    return found


def _offering(cast: Cast, _partner: Partner) -> Arguments:
    return (asked_for(cast).pk,)


def _request(cast: Cast, partner: Partner) -> Arguments:
    return (request_of(cast, partner).pk,)


def _sent_back(cast: Cast, partner: Partner) -> Arguments:
    return (request_of(cast, partner, sent_back=True).pk,)


def _threshold(_cast: Cast, partner: Partner) -> Arguments:
    Threshold.objects.get_or_create(partner=partner, defaults={"above_cents": 50_000})
    return (partner.pk,)


SUBJECTS = {
    **{f"requests:{name}": Subject(_request) for name in ("request", "do")},
    "requests:again": Subject(_sent_back),
    "requests:threshold": Subject(_threshold),
    "requests:ask": Subject(_offering, absent=None),
    **{
        f"requests:{name}": Subject(_offering, office_only=True)
        for name in ("form", "steps", "arrange", "add_field")
    },
    "requests:field": Subject(
        lambda cast, partner: (asked_for(cast).pk, "f1"), office_only=True, absent=(999_999, "f1")
    ),
}
