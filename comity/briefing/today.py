"""What one of the office's people needs to see first: what waits for them, and whom they have not seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.briefing import links
from comity.briefing.numbers import Numbers, beginning
from comity.briefing.numbers_in_words import days_in_words, since_words, spelled
from comity.briefing.picked import Picked
from comity.briefing.reasons import Reasons, in_their_words
from comity.core.ring import Ring
from comity.followups.models import FollowUp, Helped, State
from comity.meetings.models import Meeting, PlannedVisit
from comity.office.services import words
from comity.partners.models import Assignment, Partner
from comity.people.models import User
from comity.prepared import prepared
from comity.surveys import capabilities as surveys
from comity.surveys.services import response_status
from comity.ui.components.days import near_day

UNSEEN = 5
HEARD = 5
COMING = 8
LATELY, SOON = timedelta(days=7), timedelta(days=14)
HELPED_KINDS = {Helped.YES: "good", Helped.PARTLY: "warn", Helped.NO: "bad"}


@dataclass(frozen=True)
class Need:
    """A follow-up that waits for this person, and the words for when."""

    follow_up: FollowUp
    ring: Ring
    title: str
    reason: str
    due: str
    note: str
    kind: str  # "late", "soon" or ""
    days_late: int = 0

    @property
    def untold(self) -> bool:
        return self.follow_up.state == State.DONE


@dataclass(frozen=True)
class Heard:
    """Something said lately: a new thing, or whether what was done has helped."""

    follow_up: FollowUp
    ring: Ring
    title: str
    when: str
    quote: str
    tag: str | Promise
    tag_kind: str

    @property
    def who(self) -> str:
        row = self.follow_up
        return _("anonymous") if row.anonymous else str(row.raised_by_person or row.raised_by_user or "")


@dataclass(frozen=True)
class Unseen:
    """A partner not met face to face for longer than its tier allows."""

    name: str
    url: str
    words: str
    share: int  # of twice the allowed time, in percent, at most 100
    kind: str


@dataclass(frozen=True)
class Met:
    """A meeting and with whom it was."""

    meeting: Meeting
    partners: str


@dataclass(frozen=True)
class Visit:
    """A visit this person goes on, with what there is to know before it.

    when  the time of day of one today, else the day
    """

    plan: PlannedVisit
    partners: str
    when: str
    about: str
    has_passed: bool
    brief_url: str


@dataclass(frozen=True)
class Silent:
    """An open wave in which nobody of some of one's own partners has answered, in words, and where they are."""

    words: str
    url: str


@dataclass(frozen=True)
class Today:
    """All that a home page shows of one person's work."""

    partners: int
    needs: list[Need]
    needs_count: int
    waiting_partners: int
    longest: Need | None
    heard: list[Heard]
    met: list[Met]
    face_to_face: list[Visit]  # today
    coming: list[Visit]
    unseen: list[Unseen]
    silent: list[Silent]


def today_of(
    user: User, today: date, numbers: Numbers, chosen: Picked, looked_after: list[tuple[Any, ...]]
) -> Today:
    """Gather one person's day; what they stand in for counts as theirs."""
    led = [row for row in looked_after if row[0] == Assignment.Role.LEAD and row[1] == Partner.Status.ACTIVE]
    needs = needs_of(chosen.rows("needs"), user, today)
    waiting, partners, *_rest = numbers["needs"]
    plans = _with_partners(_coming(user=user, until=today + SOON), "plannedvisit")
    visits = [_visit(plan, names, first, today) for plan, names, first in plans]
    return Today(
        partners=len(led),
        needs=needs,
        needs_count=waiting,
        waiting_partners=partners,
        longest=next((need for need in needs if need.kind == "late"), None),
        heard=_heard(chosen, today),
        met=[
            Met(met, names)
            for met, names, _first in _with_partners(_met(user=user, since=today - LATELY), "meeting")
        ],
        face_to_face=[visit for visit in visits if visit.plan.planned_on == today],
        coming=[visit for visit in visits if visit.plan.planned_on != today],
        unseen=_unseen(led, today),
        silent=_silent(user, today) if looked_after else [],
    )


def _silent(user: User, today: date) -> list[Silent]:
    """Own partners that are silent in waves that are open, in one query."""
    if not user.can(surveys.READ):
        return []
    said = words()
    return [
        Silent(
            ngettext(
                "%(count)s of your %(partners)s has not answered “%(wave)s”",
                "%(count)s of your %(partners)s have not answered “%(wave)s”",
                each.partners,
            )
            % {"count": f"{each.partners:,}", "partners": said.partners, "wave": each.wave},
            links.silent_partners(each.wave_id),
        )
        for each in response_status.silences(
            _answers(response_status.modes_known_to(user), user=user, today=today)
        )
    ]


@prepared
def _answers(modes: tuple[str, ...], *, user: Any, today: Any) -> QuerySet[Any, Any]:
    """Whether anybody has answered in the open waves, for each partner that somebody looks after."""
    own = Assignment.objects.on(today).filter(user=user).order_by().values("partner")
    return response_status.answers_by_partner(
        user, Partner.objects.visible_to(user).filter(pk__in=own), modes
    )


@prepared
def _met(*, user: Any, since: Any) -> QuerySet[Any, Any]:
    """With whom this person met lately, the last meetings first."""
    there = Meeting.ours.through.objects.filter(meeting=OuterRef("pk"), user=user)
    lately = Meeting.objects.visible_to(user).standing().filter(Exists(there), held_on__gte=since)
    rows = Meeting.partners.through.objects.filter(meeting__in=lately.values("pk")[:5])
    return rows.select_related("meeting", "partner").order_by(
        "-meeting__held_on", "-meeting_id", "partner__sort_name"
    )


@prepared
def _coming(*, user: Any, until: Any) -> QuerySet[Any, Any]:
    """Whom this person means to visit until a day, and of which visits that have passed nobody wrote what was said."""
    plans = PlannedVisit.objects.visible_to(user).planned().with_us(user).filter(planned_on__lte=until)
    first = plans.order_by("planned_on", "planned_at", "pk").values("pk")[:COMING]
    rows = PlannedVisit.partners.through.objects.filter(plannedvisit__in=first)
    return rows.select_related("plannedvisit", "partner").order_by(
        "plannedvisit__planned_on", "plannedvisit__planned_at", "plannedvisit_id", "partner__sort_name"
    )


def _with_partners(rows: list[Any], name: str) -> list[tuple[Any, str, Partner]]:
    """Each meeting or plan once, with the names of all its partners, and the first of them."""
    found: dict[Any, list[Partner]] = {}
    for each in rows:
        found.setdefault(getattr(each, name), []).append(each.partner)
    return [(row, ", ".join(one.name for one in there), there[0]) for row, there in found.items()]


def _visit(plan: PlannedVisit, partners: str, first: Partner, today: date) -> Visit:
    at = time_format(plan.planned_at, "TIME_FORMAT") if plan.planned_at else ""
    is_today = plan.planned_on == today
    about = (plan.get_how_display(), "" if is_today else at, plan.place, plan.title)
    return Visit(
        plan,
        partners,
        at if is_today else date_format(plan.planned_on, "D, M j"),
        " · ".join(str(part) for part in about if part),
        plan.has_passed(today),
        reverse("brief", args=[first.pk]),
    )


def looked_after_by(user: User, today: date) -> list[tuple[Any, ...]]:
    """The partners somebody looks after, in whatever role, each with what says whether it was seen lately."""
    return _looked_after(user=user, today=today)


@prepared
def _looked_after(*, user: Any, today: Any) -> QuerySet[Any, Any]:
    rows = (
        Assignment.objects.on(today).visible_to(user).filter(user=user, partner__merged_into=None).order_by()
    )
    facts = ("name", "sort_name", "last_met_on", "tier__every_days")
    return rows.values_list("role", "partner__status", "partner", *(f"partner__{fact}" for fact in facts))


def needs_of(rows: list[FollowUp], user: User, today: date) -> list[Need]:
    """Some follow-ups as rows of a page; they come from `picked`."""
    reasons = Reasons(user, today)
    return [_need(row, reasons, today) for row in rows]


def _need(row: FollowUp, reasons: Reasons, today: date) -> Need:
    """A follow-up with the words for why it is there and when it is due."""
    due, note, kind = _due(row, today)
    return Need(
        follow_up=row,
        ring=row.ring(today),
        title=in_their_words(row),
        reason=reasons.said(row),
        due=due,
        note=note,
        kind=kind,
        days_late=row.days_late(today),
    )


def _due(row: FollowUp, today: date) -> tuple[str, str, str]:
    """When it is due, what is to be said of that, and whether it is late or soon."""
    days, when = (row.due_on - today).days, near_day(row.due_on)
    if row.state == State.DONE:
        return _("Tell them"), _("done, not told yet"), "soon"
    note = _("no owner yet") if row.owner is None else ""
    if days < 0:
        late = ngettext("%(count)d day late", "%(count)d days late", -days) % {"count": -days}
        return late, note or _("was due %(day)s") % {"day": when}, "late"
    named = {0: _("Today"), 1: _("Tomorrow")}.get(days, when)
    return named, note, "soon" if days == 0 else ""


def _heard(chosen: Picked, today: date) -> list[Heard]:
    """What was said within a week, and what was said of what we did, newest first."""
    since = beginning(today - LATELY)
    return [_said(row, since, today) for row in sorted(chosen.rows("heard"), key=_last_said, reverse=True)]


def _last_said(row: FollowUp) -> datetime:
    return row.helped_at or row.heard_at


def _said(row: FollowUp, since: datetime, today: date) -> Heard:
    helped = row.helped_at is not None and row.helped_at >= since
    return Heard(
        follow_up=row,
        ring=row.ring(today),
        title=in_their_words(row),
        when=since_words(_last_said(row), today),
        quote=row.helped_words if helped else row.said,
        tag=Helped(row.helped).label if helped else "",
        tag_kind=HELPED_KINDS[Helped(row.helped)] if helped else "",
    )


def _unseen(led: list[Any], today: date) -> list[Unseen]:
    """Those longest over what their tier allows, as many times it as they are; never met comes first."""
    found = []
    for _role, _status, pk, name, sort_name, met_on, allowed in led:
        days = (today - met_on).days if met_on else None
        if allowed is None or (days is not None and days <= allowed):
            continue
        share = 100 if days is None else min(100, days * 50 // allowed)
        found.append(((-share, met_on or date.min, sort_name), pk, name, days, allowed))
    return [_not_met(*each) for each in sorted(found)[:UNSEEN]]


def _not_met(order: tuple[Any, ...], pk: int, name: str, days: int | None, allowed: int) -> Unseen:
    share, url = -order[0], Partner(pk=pk).get_absolute_url()
    if days is None:
        return Unseen(name, url, _("never met face to face"), 100, "bad")
    said = _("%(days)s days; the limit is %(allowed)d") % {"days": days, "allowed": allowed}
    return Unseen(name, url, said, share, "bad" if share >= 75 else "warn")


def opening(day: Today, *, inside: bool = False) -> str:
    """What the page says of one's own work, without its full stop; empty when nothing waits.

    inside  for the middle of a sentence
    """
    if not day.needs_count:
        return ""
    if not day.waiting_partners:
        return ngettext(
            "%(count)s thing waits for you today", "%(count)s things wait for you today", day.needs_count
        ) % {"count": spelled(day.needs_count, inside=inside)}
    said = words()
    return ngettext(
        "%(count)s %(partner)s needs you today", "%(count)s %(partners)s need you today", day.waiting_partners
    ) % {
        "count": spelled(day.waiting_partners, inside=inside),
        "partner": said.partner,
        "partners": said.partners,
    }


def longest_wait(day: Today) -> str:
    """Which partner has waited longest, and for how long after the promised day; empty when nothing is late."""
    late = day.longest
    if late is None or late.follow_up.partner is None:
        return ""
    waited = {"name": late.follow_up.partner, "days": days_in_words(late.days_late)}
    return _("%(name)s has waited %(days)s too long") % waited
