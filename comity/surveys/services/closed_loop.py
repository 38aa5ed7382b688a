"""What became of low ratings: from the rating to what was told and whether it helped, as the ring's own figures count it.

docs/calculations/survey-loop.md says it in words, with an example.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from comity.core.surveys import RATING, Effect, PairTally, measured_effect
from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.followups.services import figures
from comity.meetings.models import Meeting
from comity.office import services as office
from comity.partners.models import Partner
from comity.people.models import User
from comity.search.sorting import sort_key
from comity.surveys.drivers import driver_words
from comity.surveys.models import Again, LowRating, Response, Wave
from comity.surveys.services.low_ratings import LOW_RATING

STEPS = ("heard", "owned_in_time", "visited", "told", "helped", "rated_again")
# So many of the latest rows are looked at for the time a step took.
MOST_TIMED = 1_000

_VISITS = Meeting.about.through.objects.filter(
    followup=OuterRef("pk"), meeting__withdrawn_at=None, meeting__how__in=Meeting.FACE_TO_FACE
)
_FIRST_VISIT = Subquery(_VISITS.order_by("meeting__held_on").values("meeting__held_on")[:1])
_AGAIN = Again.objects.filter(follow_up=OuterRef("pk"), after__isnull=False)
# How they rated the last time they did, and what they had rated before.
_RATED = {name: Subquery(_AGAIN.order_by("-round").values(name)[:1]) for name in ("before", "after")}
CONDITIONS: dict[str, Q] = {
    **{figure: figures.CONDITIONS[figure] for figure in STEPS if figure in figures.CONDITIONS},
    "visited": figures.STANDING & Q(Exists(_VISITS)),
    "rated_again": figures.STANDING & Q(Exists(_AGAIN)),
}


def label(figure: str) -> str:
    """What a figure of the loop is called."""
    own = {"visited": _("Visited"), "rated_again": _("Rated again")}
    return own.get(figure) or figures.label(figure)


def choices() -> list[tuple[str, str]]:
    """All figures by their words, for a filter."""
    return [(figure, label(figure)) for figure in STEPS]


def rows_of(rows: FollowUpQuerySet, figure: str) -> FollowUpQuerySet:
    """The rows a figure counts: what its link opens."""
    return rows.filter(CONDITIONS[figure])


def counts_of(rows: FollowUpQuerySet) -> dict[str, int]:
    """How many came as far as each step; one query."""
    return dict(rows.order_by().aggregate(**counters()))


def counters(*, distinct: bool = False) -> dict[str, Count]:
    return {figure: Count("pk", filter=CONDITIONS[figure], distinct=distinct) for figure in STEPS}


def low_ratings(user: User) -> FollowUpQuerySet:
    """The follow-ups that low ratings with a name became, as far as this person may see them; each with `wave_id`."""
    wave = Response.objects.filter(follow_up=OuterRef("pk")).values("wave")[:1]
    rows: FollowUpQuerySet = FollowUp.objects.visible_to(user).filter(kind=LOW_RATING)
    return rows.annotate(wave_id=Subquery(wave))


def with_what_came(rows: FollowUpQuerySet) -> FollowUpQuerySet:
    """With `visited_on`, the day of the first visit because of it, and `rated_then` and `rated_now`, the last time."""
    found: FollowUpQuerySet = rows.annotate(
        visited_on=_FIRST_VISIT, rated_then=_RATED["before"], rated_now=_RATED["after"]
    )
    return found


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


def steps_of(rows: FollowUpQuerySet, counts: Mapping[str, int]) -> list[Step]:
    """How far low ratings came, as they were counted, and how long it took; one query."""
    zone = office.time_zone()
    again = _AGAIN.order_by().values("follow_up").annotate(first=Min("answered_on")).values("first")
    moments = ("heard_on", "owned_on", "first_visit", "told_at", "helped_at", "again_on")
    # Chosen apart, so that visits are looked up of those few alone.
    newest = rows.filter(figures.STANDING).order_by("-heard_on", "-pk").values("pk")[:MOST_TIMED]
    latest = FollowUp.objects.filter(pk__in=newest).order_by()
    latest = latest.annotate(first_visit=_FIRST_VISIT, again_on=Subquery(again))
    took: dict[str, list[int]] = {figure: [] for figure in STEPS}
    for heard_on, *when in latest.values_list(*moments):
        for figure, moment in zip(STEPS[1:], when, strict=True):
            if moment is not None:
                took[figure].append((_day(moment, zone) - heard_on).days)
    return [
        Step(figure, counts[figure], median(took[figure]) if took[figure] else None, len(took[figure]))
        for figure in STEPS
    ]


def _day(moment: date | datetime, zone: Any) -> date:
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


@dataclass
class Line:
    """The figures of one owner, kind of partner or driver."""

    key: Any
    name: str
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Breakdown:
    """The same low ratings in all, by owner, and by kind of partner; who had most first. "Nobody yet" is an owner too."""

    counts: dict[str, int]
    by_contact: list[Line]
    by_kind: list[Line]


def broken_down(rows: FollowUpQuerySet) -> Breakdown:
    """All three in one query: it asks by owner and kind at once, and the sums are made of that."""
    kinds = dict(Partner.Kind.choices)
    counted: Any = rows.order_by().values("owner", "owner__name", "partner__kind").annotate(**counters())
    whole = Line(None, "", dict.fromkeys(STEPS, 0))
    contacts: dict[Any, Line] = {}
    by_kind: dict[Any, Line] = {}
    for row in counted:
        owner, kind = row["owner"], row["partner__kind"]
        contacts.setdefault(owner, Line(owner, row["owner__name"] or "", dict.fromkeys(STEPS, 0)))
        by_kind.setdefault(kind, Line(kind, str(kinds.get(kind, kind or "")), dict.fromkeys(STEPS, 0)))
        for line in (whole, contacts[owner], by_kind[kind]):
            for figure in STEPS:
                line.counts[figure] += row[figure]
    return Breakdown(whole.counts, _most_first(contacts.values()), _most_first(by_kind.values()))


def _most_first(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-line.counts["heard"], sort_key(line.name)))


def by_driver(rows: FollowUpQuerySet) -> list[Line]:
    """A line for each driver of which something was rated low; one answer may stand in several, and in each once."""
    driven = FollowUp.objects.filter(pk__in=rows.order_by().values("pk")).filter(low_ratings__isnull=False)
    counted: Any = driven.order_by().values("low_ratings__driver").annotate(**counters(distinct=True))
    return _most_first(
        Line(driver, driver_words(driver) if driver else "", {figure: row[figure] for figure in STEPS})
        for row in counted
        for driver in [row["low_ratings__driver"]]
    )


def of_driver(rows: FollowUpQuerySet, driver: str) -> FollowUpQuerySet:
    """Those of which something with this driver was rated low; "" for what has none."""
    return rows.filter(Exists(LowRating.objects.filter(follow_up=OuterRef("pk"), driver=driver)))


# --- rated again --------------------------------------------------------------------------------------------------


def effect_of(rows: FollowUpQuerySet) -> Effect | None:
    """How those who were told rate now what they rated low, each by their lowest rating; None where nobody did.

    One query. It is of just the rows that the figure "rated again" counts, each once: whoever was asked in several rounds
    counts as they rated the last time they did.
    """
    # By keys, since those who rated again are few.
    again = Again.objects.filter(after__isnull=False).values("follow_up")
    last: Any = rows.filter(figures.STANDING, pk__in=again).order_by().annotate(**_RATED)
    counted = last.values_list("before", "after").annotate(Count("pk"))
    pairs = {(before, after): count for before, after, count in counted}
    return measured_effect(PairTally(RATING, pairs)) if pairs else None
