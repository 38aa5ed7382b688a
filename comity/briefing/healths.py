"""The health of relationships, where a page over many rooms tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.briefing.links import Figure
from comity.health.capabilities import READ
from comity.health.models import SIGNS, Band, Snapshot
from comity.health.parts import STOPS, label
from comity.health.tables import LATELY, signed
from comity.partners.models import PartnerQuerySet
from comity.people.models import User

KEPT = ("band", "score", "change", "moved", "stops")


@dataclass(frozen=True)
class OfPartner:
    """How it stood with one partner when it was counted last, for the card at a glance."""

    band: Band
    score: int | None
    change: str
    moved: str
    stops: list[str]

    @property
    def sign(self) -> str:
        return SIGNS[self.band]


def with_health(partners: PartnerQuerySet) -> PartnerQuerySet:
    """Each with what was counted last of it, in the same query."""
    last = Snapshot.objects.last().filter(partner=OuterRef("pk")).order_by("-taken_on")
    return partners.annotate(**{f"health_{name}": Subquery(last.values(name)[:1]) for name in KEPT})


def of_partner(user: User, partner: Any) -> OfPartner | None:
    """What was counted last of one that came `with_health`; None before that, or where this person may not read it."""
    band, score, change, moved, stops = (getattr(partner, f"health_{name}") for name in KEPT)
    if band is None or not user.can(READ):
        return None
    return OfPartner(Band(band), score, signed(change), label(moved), [str(STOPS[stop]) for stop in stops])


def of_all(user: User, today: date) -> list[Figure]:
    """How many are in each band, and how many fell lately, each with its rows; one query, and nothing before anything is counted."""
    counted = Snapshot.objects.visible_to(user).last().counted(today - LATELY)
    return [
        *(_figure(counted[band], str(words), band=band) for band, words in Band.choices if counted[band]),
        *([_figure(counted["fell"], _("fell within 30 days"), fell=1)] if counted["fell"] else []),
    ]


def _figure(count: int, words: str, **filters: object) -> Figure:
    return Figure(
        f"{count:,}", words[:1].lower() + words[1:], f"{reverse('health:list')}?{urlencode(filters)}"
    )
