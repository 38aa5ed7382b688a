"""How the permission matrix gets costs and rates: no partner's, and so the office's alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from comity.partners.models import Partner
from comity.rates.models import RateVersion
from comity.services.models import Offering, Service
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def _rate(cast: Cast, partner: Partner, **facts: Any) -> Arguments:
    """Of an offering that neither of the cast's partners may have."""
    service, _made = Service.objects.get_or_create(
        name=f"Rated for {partner.code}", defaults={"promise": "We run it.", "owner": cast.sol}
    )
    offering, _made = Offering.objects.get_or_create(
        code=f"RATE-{partner.code}",
        defaults={"service": service, "name": "Server", "unit": "device-month", "kinds": ["court"]},
    )
    plan = {"shape": "flat", "tiers": [{"up_to": None, "price": "4"}]}
    told = {"plan": plan, "why": "New", "starts_on": date(2027, 7, 1), "proposed_by": cast.finn}
    return (RateVersion.objects.create(offering=offering, **told, **facts).pk,)


SUBJECTS = {
    **{f"rates:{name}": Subject(_rate, office_only=True) for name in ("rate", "edit", "approve", "withdraw")},
    "rates:restore": Subject(
        lambda cast, partner: _rate(cast, partner, withdrawn_at=timezone.now()), office_only=True
    ),
}
