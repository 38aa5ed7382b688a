"""The health of relationships, where a page over many rooms tells of it: one query each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from comity.briefing.links import Figure
from comity.health.capabilities import READ
from comity.health.models import Band, Snapshot
from comity.health.parts import STOPS, label
from comity.health.tables import LATELY, signed
from comity.partners.models import Partner
from comity.people.models import User


@dataclass(frozen=True)
class OfPartner:
    """How it stands with one partner, for the card at a glance."""

    snapshot: Snapshot
    change: str
    moved: str
    stops: list[str]


def of_partner(user: User, partner: Partner) -> OfPartner | None:
    """What was counted last; None before that, or where this person may not read it."""
    if not user.can(READ):
        return None
    row = Snapshot.objects.visible_to(user).filter(partner=partner, is_last=True).first()
    if row is None:
        return None
    return OfPartner(row, signed(row.change), label(row.moved), [str(STOPS[stop]) for stop in row.stops])


def of_all(user: User, today: date) -> list[Figure]:
    """How many are in each band, and how many fell lately, each with its rows; nothing before anything is counted."""
    counted = Snapshot.objects.visible_to(user).last().counted(today - LATELY)
    return [
        *(_figure(counted[band], str(words), band=band) for band, words in Band.choices if counted[band]),
        *([_figure(counted["fell"], _("fell within 30 days"), fell=1)] if counted["fell"] else []),
    ]


def _figure(count: int, words: str, **filters: object) -> Figure:
    return Figure(
        f"{count:,}", words[:1].lower() + words[1:], f"{reverse('health:list')}?{urlencode(filters)}"
    )
