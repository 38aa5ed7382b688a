"""What became of low ratings: from the rating to what was told and whether it helped, as the ring's own figures count it.

docs/calculations/survey-loop.md says it in words, with an example.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Count, OuterRef, Subquery

from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.followups.services import figures
from comity.office import services as office
from comity.partners.models import Partner
from comity.people.models import User
from comity.surveys.models import Response, Wave
from comity.surveys.services.hearing import LOW_RATING

STEPS = ("heard", "owned_in_time", "told", "helped")
# So many of the latest rows are looked at for the time a step took.
MOST_TIMED = 5_000


def low_ratings(user: User) -> FollowUpQuerySet:
    """The follow-ups that low ratings with a name became, as far as this person may see them; each with `wave_id`."""
    wave = Response.objects.filter(follow_up=OuterRef("pk")).values("wave")[:1]
    rows: FollowUpQuerySet = FollowUp.objects.visible_to(user).filter(kind=LOW_RATING)
    return rows.annotate(wave_id=Subquery(wave))


def of_wave(rows: FollowUpQuerySet, wave: Wave) -> FollowUpQuerySet:
    """Those of one wave."""
    return rows.filter(pk__in=Response.objects.filter(wave=wave, follow_up__isnull=False).values("follow_up"))


@dataclass(frozen=True)
class Step:
    """One step of the loop.

    count  how many came as far
    days   half of these took at most so many calendar days from the rating on; None where it is not timed, or nobody did
    timed  of how many that is said
    """

    figure: str
    count: int
    days: float | None = None
    timed: int = 0


def steps_of(rows: FollowUpQuerySet) -> list[Step]:
    """How far low ratings came, and how long it took; two queries."""
    counts = figures.in_all(rows).counts
    zone = office.time_zone()
    latest = rows.order_by("-heard_on", "-pk").values_list("heard_on", "owned_on", "told_at")[:MOST_TIMED]
    owned, told = [], []
    for heard_on, owned_on, told_at in latest:
        if owned_on is not None:
            owned.append((owned_on - heard_on).days)
        if told_at is not None:
            told.append((told_at.astimezone(zone).date() - heard_on).days)
    took = {"owned_in_time": owned, "told": told}
    return [
        Step(
            figure,
            counts[figure],
            median(took[figure]) if took.get(figure) else None,
            len(took.get(figure, ())),
        )
        for figure in STEPS
    ]


def by_contact(rows: FollowUpQuerySet) -> list[figures.Line]:
    """A line for each owner, who had most first; "nobody yet" is one of them."""
    return _by(rows, "owner", "owner__name", {})


def by_kind_of_partner(rows: FollowUpQuerySet) -> list[figures.Line]:
    """A line for each kind of partner."""
    return _by(rows, "partner__kind", "partner__kind", dict(Partner.Kind.choices))


def _by(rows: FollowUpQuerySet, key: str, name: str, words: Mapping[str, Any]) -> list[figures.Line]:
    counted = rows.order_by().values(*dict.fromkeys((key, name)))
    counted = counted.annotate(
        **{figure: Count("pk", filter=condition) for figure, condition in figures.CONDITIONS.items()}
    )
    lines = []
    for row in counted:
        line = figures.Line(row[key], str(words.get(row[name]) or row[name] or ""))
        line.add(row)
        lines.append(line)
    return sorted(lines, key=lambda line: (-line.counts["heard"], line.name.casefold()))
