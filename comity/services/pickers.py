"""How one offering is picked by typing."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from comity.services.capabilities import READ
from comity.services.models import Offering, OfferingQuerySet
from comity.ui.pickers import Picker


def _offerings(user: Any) -> OfferingQuerySet:
    rows = Offering.objects.visible_to(user).select_related("service")
    return rows if user.can(READ) else rows.none()


OFFERING = Picker(
    "offering",
    rows=_offerings,
    find=lambda rows, text: rows.search(text),
    outright=lambda text: Q(code__iexact=text) | Q(name__iexact=text),
    label=lambda row: f"{row.name} ({row.code})",
    hint=lambda row: row.service,
)
