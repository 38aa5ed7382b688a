"""What is known of each part, for one partner or for all at once: a fixed number of queries, however many there are.

Rooms are asked here, below this one; a part of which no room keeps data yet is declared in `parts` and has none. What is read is
what everybody in the office may read: of surveys the figures that are not hidden.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from comity.billing.models import Bill, Dispute
from comity.core.health import led, nearness, percent
from comity.councils.models import Attendance
from comity.followups.models import OPEN, PENDING, FollowUp, Helped, State
from comity.followups.models.follow_up import TO_THE_CIO_AFTER
from comity.health.parts import PARTS
from comity.levels.models import Result
from comity.meetings.models import THEIR_PROMISE
from comity.office.services import day_of
from comity.partners.models import Assignment, Partner, Position
from comity.stakeholders.models import Stakeholder
from comity.surveys.models import Tally, Wave
from comity.surveys.services.answers import core_tally, scale_of

KIND = (
    "health"  # of the follow-ups that a play raises: the office's own, and so no part of what they come from
)
LATELY = timedelta(days=183)  # how long what was told counts
RECENT = timedelta(days=548)  # how long a survey does
YEAR = timedelta(days=365)
BETTER_BY = Fraction(2, 5)  # from as much less to as much more, a change in satisfaction goes from 0 to 1
SPONSOR = 3  # among the facts of `sponsor`: somebody supports us, beyond their head being in place
Stance = Stakeholder.Stance
Group = tuple[int, str]  # a wave, and a partner as its tables name it


@dataclass(frozen=True)
class Reading:
    """A value from 0 to 1, the day of its evidence, and the few numbers that its words are made of."""

    value: Fraction | int
    on: date | None
    facts: tuple[int, ...]

    @property
    def kept(self) -> list[Any]:
        """As a snapshot keeps it."""
        return [percent(self.value), self.on and self.on.isoformat(), list(self.facts)]


@dataclass
class Found:
    """What is read of some partners: by key of the partner, then of the part; and their hard stops."""

    today: date
    partners: Sequence[Partner]
    readings: dict[int, dict[str, Reading]] = field(default_factory=lambda: defaultdict(dict))
    stops: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def of(self, rows: QuerySet[Any], path: str = "partner") -> QuerySet[Any]:
        """The rows of these; of one partner only its own, of many all there are."""
        return rows.filter(**{path: self.partners[0]}) if len(self.partners) == 1 else rows

    def kept(self, partner: int) -> dict[str, list[Any]]:
        """Every part as a snapshot keeps it, those without data too."""
        own = self.readings[partner]
        return {key: own[key].kept if key in own else [None, None, []] for key in PARTS}


def read(partners: Sequence[Partner], today: date) -> Found:
    """What is known of these today; they come with their tiers."""
    found = Found(today, partners)
    for reader in (_met, _answered, _heard, _billed, _served, _sat, _led, _sponsored):
        reader(found)
    return found


def _met(found: Found) -> None:
    for row in found.partners:
        if row.tier is None:
            continue
        every = row.tier.every_days
        days = (found.today - (row.last_met_on or day_of(row.created_at))).days
        if row.last_met_on:
            found.readings[row.pk]["met"] = Reading(nearness(days, every), row.last_met_on, (days, every))
        elif days > every:
            found.readings[row.pk]["met"] = Reading(0, None, ())


def _answered(found: Found) -> None:
    """The latest closed wave in which what a partner's people said of their satisfaction may be shown, and the one it follows."""
    asked = Wave.objects.filter(state=Wave.State.CLOSED, version__questions__outcome=True)
    recent = asked.filter(closed_at__date__gte=found.today - RECENT).order_by("closed_at", "pk")
    waves = {
        wave.pk: wave for wave in recent.select_related("version").prefetch_related("version__questions")
    }
    questions = {pk: next(q for q in wave.version.questions.all() if q.outcome) for pk, wave in waves.items()}
    rows = Tally.objects.filter(wave__in=waves, table=Tally.Table.PARTNER, n__gt=0)
    rows = rows.filter(question__in={one.key for one in questions.values()})
    if len(found.partners) == 1:
        rows = rows.filter(group=str(found.partners[0].pk))
    good: dict[Group, tuple[int, int]] = {}
    for row in rows:
        question = questions[row.wave_id]
        if row.question == question.key and (scale := scale_of(question)) and scale.top:
            tally = core_tally(question, row.counts, n=row.n or 0)
            good[row.wave_id, row.group] = tally.top_n, tally.n
    last = {group: pk for pk in waves for other, group in good if other == pk}
    for partner in found.partners:
        group = str(partner.pk)
        if (pk := last.get(group)) is None:
            continue
        wave, (top, n) = waves[pk], good[pk, group]
        on = wave.closed_at and day_of(wave.closed_at)
        found.readings[partner.pk]["satisfied"] = Reading(Fraction(top, n), on, (pk, top, n))
        if before := good.get((wave.against_id or 0, group)):
            change = (Fraction(top, n) - Fraction(*before)) / (2 * BETTER_BY) + Fraction(1, 2)
            value = max(Fraction(0), min(Fraction(1), change))
            found.readings[partner.pk]["change"] = Reading(value, on, (pk, top, n, *before))


def _heard(found: Found) -> None:
    """Of what is open, or was told lately: how much is neither late nor was of no help."""
    today = found.today
    lately = Q(state=State.TOLD, told_at__date__gte=today - LATELY)
    late = Q(state__in=PENDING, due_on__lt=today)
    helpless = Q(helped=Helped.NO) | Q(state__in=OPEN, reopened__gt=0)
    rows = found.of(FollowUp.objects.exclude(kind__in=(KIND, THEIR_PROMISE)).order_by()).filter(
        Q(state__in=OPEN) | lately
    )
    counted = rows.values("partner").annotate(
        every=Count("pk"),
        open=Count("pk", filter=Q(state__in=OPEN)),
        late=Count("pk", filter=late),
        helpless=Count("pk", filter=helpless),
        bad=Count("pk", filter=late | helpless),
        long=Count("pk", filter=Q(state__in=PENDING, due_on__lt=today - TO_THE_CIO_AFTER)),
        on=Max("heard_on"),
    )
    for one in counted.exclude(partner=None):
        facts = one["open"], one["late"], one["helpless"], one["every"]
        value = Fraction(one["every"] - one["bad"], one["every"])
        found.readings[one["partner"]]["followups"] = Reading(value, one["on"], facts)
        if one["long"]:
            found.stops[one["partner"]].append("late")


def _billed(found: Found) -> None:
    """Whether anything on their bills is in dispute: halved by one, a third of it with two."""
    bills = found.of(Bill.objects.issued().order_by()).filter(issued_at__date__gte=found.today - YEAR)
    open_ = found.of(Dispute.objects.open().order_by(), "line__bill__partner").values_list(
        "line__bill__partner"
    )
    disputes = {pk: (count, at) for pk, count, at in open_.annotate(Count("pk"), Max("raised_at"))}
    for pk, at in bills.values_list("partner").annotate(Max("issued_at")):
        count, raised = disputes.get(pk, (0, at))
        found.readings[pk]["disputes"] = Reading(Fraction(1, 1 + count), day_of(raised), (count,))


def _served(found: Found) -> None:
    """Of what the last closed month that has any of their tickets counted: how much was in time."""
    rows = found.of(Result.objects.closed().order_by()).filter(month__last__gte=found.today - YEAR)
    counted, met = (Sum(F(f"response_{what}") + F(f"resolution_{what}")) for what in ("counted", "met"))
    by_month = rows.values_list("partner", "month__last").annotate(every=counted, met=met)
    for pk, last, every, in_time in by_month.filter(every__gt=0).order_by("month__last"):
        facts = last.year, last.month, in_time, every
        found.readings[pk]["service"] = Reading(Fraction(in_time, every), last, facts)


def _sat(found: Found) -> None:
    """Of a year's meetings of councils: at how many of those it was not excused from its seats were there, or who stood in."""
    rows = found.of(Attendance.objects.exclude(how=Attendance.How.EXCUSED), "seat__partner").filter(
        meeting__on__gt=found.today - YEAR, meeting__on__lte=found.today
    )
    counted = rows.values_list("seat__partner").annotate(
        every=Count("pk"), there=Count("pk", filter=Q(how__in=Attendance.COUNTED)), on=Max("meeting__on")
    )
    for pk, every, there, on in counted:
        found.readings[pk]["councils"] = Reading(Fraction(there, every), on, (there, every))


def _led(found: Found) -> None:
    leads: dict[int, list[tuple[int, date, date | None]]] = defaultdict(list)
    rows = found.of(Assignment.objects.leads()).order_by()
    gone = {"user__is_active": False}
    for pk, who, first, end in rows.exclude(**gone, ends_on=None).values_list(
        "partner", "user", "starts_on", "ends_on"
    ):
        leads[pk].append((who, first, end))
    for row in found.partners:
        year = led(leads[row.pk], found.today)
        on = max((first for _who, first, _end in leads[row.pk] if first <= found.today), default=None)
        facts = (year.people, year.of - year.days)
        found.readings[row.pk]["contact"] = Reading(year.value, on if year.now else row.lead_gap_since, facts)
        if not year.now:
            found.stops[row.pk].append("alone")


def _sponsored(found: Found) -> None:
    """Somebody who decides there, or pays, and supports us; where nobody is known to, their head: in place, acting, or gone.

    Without what only some may see of stakeholders: everybody in the office reads a score.
    """
    says, with_us = [Stakeholder.Role.DECIDES, Stakeholder.Role.PAYS], [Stance.CHAMPION, Stance.SUPPORTER]
    rows = Stakeholder.objects.on(found.today).filter(role__in=says, stance__in=with_us, sensitive=False)
    for pk, at in found.of(rows.order_by("added_at")).values_list("partner", "added_at"):
        found.readings[pk]["sponsor"] = Reading(1, day_of(at), (SPONSOR,))
    for pk, posts in _heads(found).items():
        value, on = max(posts, key=lambda post: post[0])
        if "sponsor" not in found.readings[pk]:
            found.readings[pk]["sponsor"] = Reading(value, on, (int(2 * value),))
            if not value:
                found.stops[pk].append("unsponsored")


def _heads(found: Found) -> dict[int, list[tuple[Fraction | int, date | None]]]:
    """The posts of heads that have begun, as far as somebody holds them, and since when that is so."""
    heads: dict[int, list[tuple[Fraction | int, date | None]]] = defaultdict(list)
    rows = found.of(Position.objects.filter(function=Position.Function.HEAD)).order_by("starts_on", "pk")
    for post in rows.select_related("person"):
        ended = post.ends_on is not None and post.ends_on <= found.today
        left = post.person is None or (post.person.left_on and post.person.left_on <= found.today)
        if not post.starts_on or post.starts_on <= found.today:
            value = 0 if ended or left else Fraction(1, 2) if post.acting else 1
            heads[post.partner_id].append((value, post.ends_on if ended else post.starts_on))
    return heads
