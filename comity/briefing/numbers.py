"""All numbers of a first page, counted in one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import CharField, Count, Q, QuerySet, Sum, Value
from django.utils import timezone

from comity.briefing import capabilities as can
from comity.briefing import concerns
from comity.charter import services as charter
from comity.charter.capabilities import WRITE
from comity.charter.models import Charter
from comity.followups.models import PENDING, FollowUp, FollowUpQuerySet, State
from comity.followups.models.follow_up import TO_THE_CIO_AFTER
from comity.followups.services import figures as ring_figures
from comity.imports.models import Import
from comity.jobs.capabilities import VIEW_WORK
from comity.outbox.models import Message
from comity.partners.models import LikelyPair, Partner
from comity.people.models import User
from comity.prepared import prepared
from comity.services.models import Service
from comity.surveys import capabilities as surveys
from comity.surveys.services import closed_loop

QUARTER_MONTHS = 3
SOON = timedelta(days=3)
MOST = 6  # so many numbers are said at most of one thing
PLACES = [f"n{place}" for place in range(MOST)]

Numbers = Mapping[str, Sequence[int]]


class Reader(NamedTuple):
    """What of the office somebody answers for, and so reads the numbers of."""

    overview: bool
    whole: bool
    machinery: bool
    ratings: bool
    charter: bool

    @classmethod
    def of(cls, user: User) -> Reader:
        overview = user.can(can.SEE_OVERVIEW)
        return cls(
            overview,
            user.can(can.ANSWER_FOR_OFFICE),
            user.can(VIEW_WORK),
            overview and user.can(surveys.READ),
            user.can(WRITE),
        )


def numbers_of(user: User, today: date) -> Numbers:
    """What was counted for this person, by what it is of; in the order in which `_counted` names it."""
    days = {"today": today, "quarter": quarter_start(today), "lately": beginning(today - concerns.LATELY)}
    counted = _counted(Reader.of(user), user=user, **days)
    return {what: numbers for what, *numbers in counted}


def quarter_start(today: date) -> date:
    """The first day of the calendar quarter; fiscal years that begin with a quarter share it."""
    return today.replace(month=QUARTER_MONTHS * ((today.month - 1) // QUARTER_MONTHS) + 1, day=1)


def beginning(day: date) -> datetime:
    """When a day begins for the reader."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def waiting_for(user: Any, today: Any) -> FollowUpQuerySet:
    """What waits for this person and is late, due within three days, without an owner, or not yet told."""
    urgent = Q(due_on__lte=today + SOON) | Q(state__in=[State.HEARD, State.DONE])
    return FollowUp.objects.visible_to(user).needs_me(user, today).filter(urgent)


def late_with_team_of(user: Any, today: Any) -> Q:
    team = User.objects.filter(supervisor=user).values("pk")
    return Q(owner__in=team, state__in=PENDING, due_on__lt=today)


def unowned_written_by(user: Any) -> Q:
    return Q(written_by=user, state=State.HEARD)


@prepared
def _counted(reader: Reader, *, user: Any, today: Any, quarter: Any, lately: Any) -> QuerySet[Any, Any]:
    seen = FollowUp.objects.visible_to(user)
    heard = seen.heard_between(quarter, today)
    any_partner = Partner.objects.filter(pk__in=Partner.objects.order_by().values("pk")[:1])
    lines = [
        _line("needs", waiting_for(user, today), Count("pk"), Count("partner", distinct=True)),
        _line("partners", any_partner, Count("pk")),  # whether there are any
    ]
    if reader.overview:
        lines += [
            _line("office", seen.open(), *_of_office(today)),
            _line("gaps", Partner.objects.visible_to(user).without_lead(), Count("pk")),
        ]
    promises = heard if reader.overview else heard.filter(owner=user)
    lines.append(_line("promises", promises, *ring_figures.counters().values()))
    if reader.ratings:
        ratings = closed_loop.low_ratings(user).heard_between(quarter, today)
        lines.append(_line("ratings", ratings, *closed_loop.counters().values()))
    if reader.charter:
        lines.append(_line("charter", Charter.objects.in_force(), *charter.counters().values()))
    if reader.machinery:
        lines += [
            _line("mail", Message.objects.dead(), Count("pk")),
            _line("lists", Import.objects.filter(state=Import.State.PREVIEW), Count("pk")),
            _line("pairs", LikelyPair.objects.all(), Count("pk")),
        ]
    if not reader.overview:
        due = Count("pk", filter=Q(review_on__lte=today))
        lines += [
            _line("mentions", concerns.mentioned(user, lately), Count("pk", distinct=True)),
            _line("services", Service.objects.visible_to(user).owned_by(user), Count("pk"), due),
        ]
    if not reader.whole:
        team, written = late_with_team_of(user, today), unowned_written_by(user)
        counts = Count("pk", filter=team), Count("pk", filter=written)
        lines.append(_line("people", seen.filter(team | written), *counts))
    return lines[0].union(*lines[1:], all=True)


def _of_office(today: Any) -> list[Count]:
    """Without an owner, late, late by more than a week, done and not told."""
    late = Q(state__in=PENDING, due_on__lt=today)
    long = late & Q(due_on__lt=today - TO_THE_CIO_AFTER)
    conditions = (Q(state=State.HEARD), late, long, Q(state=State.DONE))
    return [Count("pk", filter=condition) for condition in conditions]


def _line(what: str, rows: QuerySet[Any], *counts: Count | Sum) -> QuerySet[Any, Any]:
    """One row: of what, its numbers, and zeros up to as many as any line has."""
    numbers = dict(zip(PLACES, [*counts, *[Value(0)] * (MOST - len(counts))], strict=True))
    named = rows.order_by().values(what=Value(what, output_field=CharField()))
    line: QuerySet[Any, Any] = named.annotate(**numbers).values_list("what", *PLACES)
    return line
