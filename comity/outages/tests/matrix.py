"""How the permission matrix gets an outage that hits a partner."""

from __future__ import annotations

from django.utils import timezone

from comity.outages.models import Outage
from comity.partners.models import Partner
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def _outage(_cast: Cast, partner: Partner) -> Arguments:
    now = timezone.now()
    found, _made = Outage.objects.get_or_create(
        what=f"Canary {partner.pk}", defaults={"began_at": now, "announced_at": now}
    )
    found.partners.add(partner)
    return (found.pk,)


SUBJECTS = {
    "outages:outage": Subject(_outage),
    **{f"outages:{name}": Subject(_outage, office_only=True) for name in ("edit", "tell", "withdraw")},
}
