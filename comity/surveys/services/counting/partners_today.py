"""What bodies are today, where nobody was invited and so nothing was frozen."""

from __future__ import annotations

from comity.core.load import size_weight
from comity.partners.models import Partner
from comity.surveys.models import Response, Size, Wave
from comity.surveys.services.counting.sheet import Crossing

SIZES = tuple(Size)
NOBODY: Crossing = ("", "", "", "")


def crossings(wave: Wave) -> dict[int | None, Crossing]:
    """Body -> what tables tell it apart by, for all whose answers a wave holds; None is a body nobody named."""
    there = Response.objects.filter(wave=wave).values("partner")
    found: dict[int | None, Crossing] = {None: NOBODY}
    rows = Partner.objects.filter(pk__in=there).values_list(
        "pk", "kind", "tier__name", "headcount", "population"
    )
    for pk, kind, tier, headcount, population in rows:
        found[pk] = (str(pk), kind, tier or "", SIZES[size_weight(headcount, population) - 1])
    return found
