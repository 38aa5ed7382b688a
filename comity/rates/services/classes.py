"""Which customer class a partner is in."""

from __future__ import annotations

from collections.abc import Iterable

from comity.partners.models import Partner
from comity.services.models import CustomerClass


def class_of(partners: Iterable[Partner]) -> dict[int, int]:
    """The class of each partner by its key, the first that fits; 0 for those in none."""
    found = CustomerClass.objects.of(partners)
    return {pk: customer_class.pk if customer_class else 0 for pk, customer_class in found.items()}
