"""What one of the office's people needs to see first: what waits for them, and whom they have not seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.briefing import links
from comity.briefing.numbers_in_words import days_in_words, since_words, spelled
from comity.briefing.reasons import Reasons, in_their_words
from comity.core.ring import Ring
from comity.followups.models import FollowUp, FollowUpQuerySet, Helped, State
from comity.meetings.models import Meeting, PlannedVisit
from comity.meetings.services.visits import overdue_for_a_visit
from comity.office.services import words
from comity.partners.models import Assignment, Partner, PartnerQuerySet
from comity.people.models import User
from comity.surveys import capabilities as surveys
from comity.surveys.services import response_status
from comity.ui.components.days import near_day

SHOWN = 8
UNSEEN = 5
HEARD = 5
COMING = 5
LATELY = SOON = timedelta(days=7)
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

    partner: Partner
    words: str
    share: int  # of twice the allowed time, in percent, at most 100
    kind: str


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
    met: list[Meeting]
    coming: list[PlannedVisit]
    unseen: list[Unseen]
    silent: list[Silent]


def today_of(user: User, today: date) -> Today:
    """Gather one person's day; what they stand in for counts as theirs."""
    looks_after_some, led = _looked_after(user, today)
    waiting = list(_waiting(user, today).values_list("pk", "partner"))
    first = FollowUp.objects.filter(pk__in=[pk for pk, _partner in waiting[:SHOWN]])
    needs = needs_of(first.order_by("due_on", "pk"), user, today, SHOWN) if waiting else []
    there = Meeting.ours.through.objects.filter(meeting=OuterRef("pk"), user=user)
    met = Meeting.objects.visible_to(user).filter(Exists(there), held_on__gte=today - LATELY)
    return Today(
        partners=len(led),
        needs=needs,
        needs_count=len(waiting),
        waiting_partners=len({partner for _pk, partner in waiting if partner}),
        longest=next((need for need in needs if need.kind == "late"), None),
        heard=_heard(user, today, of_own=looks_after_some),
        met=list(met.prefetch_related("partners")[:5]),
        coming=_coming(user, today),
        unseen=_unseen(Partner.objects.filter(pk__in=led), today) if led else [],
        silent=_silent(user, today) if looks_after_some else [],
    )


def _silent(user: User, today: date) -> list[Silent]:
    """Own partners that are silent in waves that are open, in one query."""
    if not user.can(surveys.READ):
        return []
    own, said = Partner.objects.visible_to(user).looked_after_by(user, today), words()
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
        for each in response_status.silences(user, own)
    ]


def _coming(user: User, today: date) -> list[PlannedVisit]:
    """Visits within a week on which this person goes, and those of which nobody wrote what was said, in two queries."""
    rows = PlannedVisit.objects.visible_to(user).planned().with_us(user).filter(planned_on__lte=today + SOON)
    return list(rows.order_by("planned_on", "planned_at", "pk").prefetch_related("partners")[:COMING])


def _looked_after(user: User, today: date) -> tuple[bool, list[int]]:
    """Whether this person looks after any partner, in whatever role; and those served whose lead contact it is."""
    rows = Assignment.objects.on(today).filter(user=user)
    found = list(rows.values_list("partner", "role", "partner__status", "partner__merged_into"))
    led = [
        partner
        for partner, role, status, merged in found
        if role == Assignment.Role.LEAD and status == Partner.Status.ACTIVE and merged is None
    ]
    return bool(found), led


def _waiting(user: User, today: date) -> FollowUpQuerySet:
    """What waits for this person and is late, due within three days, without an owner, or not yet told."""
    soon = today + timedelta(days=3)
    urgent = Q(due_on__lte=soon) | Q(state__in=[State.HEARD, State.DONE])
    return FollowUp.objects.visible_to(user).needs_me(user, today).filter(urgent)


def needs_of(rows: FollowUpQuerySet, user: User, today: date, most: int) -> list[Need]:
    """The first of some follow-ups as rows of a page, in two queries."""
    # Which they are is found first, so that only those few are joined with what a row names.
    first = FollowUp.objects.filter(pk__in=rows.values("pk")[:most]).order_by(*rows.query.order_by)
    shown = list(first.with_people().select_related("written_by"))
    reasons = Reasons.of(shown, user, today)
    return [_need(row, reasons, today) for row in shown]


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


def _heard(user: User, today: date, *, of_own: bool) -> list[Heard]:
    """What was said within a week, and what was said of what we did, newest first.

    Those two are asked apart, so that each walks along its own index and stops; whoever looks after no partner
    hears of all.
    """
    since = datetime.combine(today - LATELY, time.min, timezone.get_current_timezone())
    rows = FollowUp.objects.visible_to(user).standing().with_people()
    if of_own:
        own = Assignment.objects.on(today).filter(user=user, partner=OuterRef("partner"))
        rows = rows.filter(Exists(own) | Q(owner=user))
    found = {row.pk: row for row in _newest(rows, "heard_at", since)}
    found |= {row.pk: row for row in _newest(rows, "helped_at", since)}
    newest = sorted(found.values(), key=_last_said, reverse=True)[:HEARD]
    return [_said(row, since, today) for row in newest]


def _newest(rows: FollowUpQuerySet, moment: str, since: datetime) -> FollowUpQuerySet:
    return rows.filter(**{f"{moment}__gte": since}).order_by(f"-{moment}", "-pk")[:HEARD]


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


def _unseen(led: PartnerQuerySet, today: date) -> list[Unseen]:
    """Those longest over what their tier allows, as many times it as they are; never met comes first."""
    found = [_not_met(row, today) for row in overdue_for_a_visit(led, today)]
    return sorted(found, key=lambda row: -row.share)[:UNSEEN]


def _not_met(row: Partner, today: date) -> Unseen:
    allowed = row.tier.every_days if row.tier else 1
    if row.last_met_on is None:
        return Unseen(row, _("never met face to face"), 100, "bad")
    days = (today - row.last_met_on).days
    said = _("%(days)d days; the limit is %(allowed)d") % {"days": days, "allowed": allowed}
    share = min(100, days * 50 // allowed)
    return Unseen(row, said, share, "bad" if share >= 75 else "warn")


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
