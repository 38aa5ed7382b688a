"""What this room says of its nouns: an approved rate never changes, but that another one follows it."""

from __future__ import annotations

from comity.editing.final import Final, unchanged
from comity.rates.cost_nouns import COSTS
from comity.rates.models import RateVersion

APPROVED = "OLD.approved_at IS NOT NULL"
ENDED = f"OLD.ends_on IS NULL AND NEW.ends_on IS NOT NULL AND {unchanged(RateVersion, but=['ends_on', 'version'])}"

NOUNS = (
    *COSTS,
    Final(
        RateVersion,
        "approved",
        after=f"{APPROVED} AND NOT ({ENDED})",
        sentence="An approved rate cannot be changed. Propose another that follows it.",
        events=("UPDATE",),
    ),
    Final(
        RateVersion,
        "kept",
        after=APPROVED,
        sentence="An approved rate cannot be deleted.",
        events=("DELETE",),
    ),
)
