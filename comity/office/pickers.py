"""How a visit tier is picked by typing."""

from __future__ import annotations

from comity.office.models import VisitTier
from comity.ui.pickers import Picker

TIER = Picker(
    "tier",
    rows=lambda user: VisitTier.objects.all() if user.is_office else VisitTier.objects.none(),
    find=lambda rows, text: rows.filter(name__icontains=text),
    order=("order", "pk"),
)
