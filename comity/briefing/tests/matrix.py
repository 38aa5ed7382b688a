"""What the permission matrix has to know of this room's URLs."""

from __future__ import annotations

from comity.partners.models import Partner
from comity.services.tests.matrix import service_for
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, PersonalSubject, Subject


def partner_itself(cast: Cast, partner: Partner) -> Arguments:
    return (partner.pk,)


SUBJECTS: dict[str, Subject | PersonalSubject] = {
    "partner": Subject(partner_itself),
    "brief": Subject(partner_itself, office_only=True),
    "brief_pdf": Subject(partner_itself, office_only=True),
    **{
        name: Subject(lambda cast, partner: (service_for(cast, partner).pk,), office_only=True)
        for name in ("catalog_entry", "portal_catalog_entry", "catalog_preview")
    },
}
