"""The rows of a body as the tables of a wave count it, also where two bodies became one since."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from comity.partners.models import DuplicateKind, Merge
from comity.surveys.models import Wave


def as_counted(rows: Any, wave: Wave, keys: Any) -> Any:
    """Answers or participants of some bodies; of a single one as they were when the wave was counted.

    A merge moves them to the survivor, while the tables stay as they were frozen: without this, a figure would open the rows
    of both.
    """
    if not isinstance(keys, list):
        return rows.filter(partner__in=keys)
    (partner_id,) = keys
    went: list[int] = []
    came: list[int] = []
    for merge in _since(wave, partner_id):
        moved = merge.moved.get(f"{rows.model._meta.label}.partner", [])
        (went if merge.tombstone_id == partner_id else came).extend(moved)
    found = rows.filter(Q(partner=partner_id) | Q(pk__in=went)) if went else rows.filter(partner=partner_id)
    return found.exclude(pk__in=came) if came else found


def _since(wave: Wave, partner_id: int) -> Any:
    if wave.figures_at is None:
        return Merge.objects.none()
    concerned = Q(survivor_id=partner_id) | Q(tombstone_id=partner_id)
    return Merge.objects.standing().filter(concerned, kind=DuplicateKind.PARTNER, at__gt=wave.figures_at)
