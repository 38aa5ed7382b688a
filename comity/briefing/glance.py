"""A partner at a glance: what matters of it, in one sentence and a handful of figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Min, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.briefing import links
from comity.briefing.last_bills import LastBill, last_bills
from comity.briefing.links import Figure
from comity.briefing.numbers_in_words import days_in_words, spelled
from comity.followups.models import OPEN, PENDING, FollowUp, State
from comity.followups.services import figures as ring_figures
from comity.meetings.models import PlannedVisit
from comity.partners.models import Assignment, Partner, Position
from comity.people.models import User
from comity.ui.components.days import near_day

THEIRS = {
    Position.Function.HEAD: gettext_lazy("Their head"),
    Position.Function.DEPUTY: gettext_lazy("Their deputy"),
    Position.Function.IT_LEAD: gettext_lazy("Their IT lead"),
    Position.Function.FINANCE: gettext_lazy("Their finance lead"),
}


YEAR = timedelta(days=365)
RANKED = 20  # posts looked at, from the first to call
OTHERS = 2  # shown of those that lead nothing, where nobody else is known


@dataclass(frozen=True)
class Open:
    """What is open between a partner and the office; `year` counts the ring over the last year."""

    count: int
    late: int
    untold: int
    longest_late_days: int
    year: Mapping[str, int]


@dataclass(frozen=True)
class Glance:
    """All a glance shows besides the timeline."""

    partner: Partner
    open: Open
    contacts: list[Assignment]
    posts: list[Position]
    people: int
    unseen_days: int | None
    next_visit: PlannedVisit | None
    before: Assignment | None = None  # who led last, and who will lead next: asked where nobody leads today
    coming: Assignment | None = None
    last_bill: LastBill | None = None

    @property
    def lead(self) -> Assignment | None:
        return next((row for row in self.contacts if row.role == Assignment.Role.LEAD), None)

    @property
    def has_gap(self) -> bool:
        """Whether somebody has to be assigned: nobody leads, or somebody who has left our office."""
        return not is_led(self.contacts) and self.partner.status != Partner.Status.FORMER

    @property
    def visit_overdue(self) -> bool:
        """Not seen face to face for longer than its tier allows; never seen counts."""
        tier = self.partner.tier
        return tier is not None and (self.unseen_days is None or self.unseen_days > tier.every_days)


def look_at(partner: Partner, user: User, today: date) -> Glance:
    """Gather a glance in five queries, and one more where many are known there. `partner` comes with its tier and parent."""
    posts = Position.objects.filter(partner=partner).current(today).select_related("person")
    ever = _contacts_and_leads(partner, today)
    contacts = [row for row in ever if _holds(row, today)]
    ranked = list(posts.by_rank()[:RANKED])
    visits = PlannedVisit.objects.visible_to(user).planned().to_partner(partner).filter(planned_on__gte=today)
    before, coming = (None, None) if is_led(contacts) else _leads_around(ever, today)
    return Glance(
        partner=partner,
        open=_open(partner, user, today),
        contacts=contacts,
        posts=_first_to_call(ranked),
        people=len({post.person_id for post in ranked if post.person_id})
        if len(ranked) < RANKED
        else posts.exclude(person=None).values("person").distinct().count(),
        unseen_days=(today - partner.last_met_on).days if partner.last_met_on else None,
        next_visit=visits.select_related("lead").order_by("planned_on", "pk").first(),
        before=before,
        coming=coming,
        last_bill=next(iter(last_bills([partner], user)), None),
    )


def is_led(contacts: Iterable[Assignment]) -> bool:
    """Whether one of these leads who still works in our office."""
    return any(row.role == Assignment.Role.LEAD and row.user.is_active for row in contacts)


def _contacts_and_leads(partner: Partner, today: date) -> list[Assignment]:
    """Those in force or to come, and all that ever led; in the order of their roles, the latest first."""
    rows = Assignment.objects.filter(partner=partner).exclude(ends_on=F("starts_on"))
    wanted = Q(role=Assignment.Role.LEAD) | Q(ends_on=None) | Q(ends_on__gt=today)
    return list(rows.filter(wanted).select_related("user").order_by("role", "-starts_on", "-pk"))


def _holds(row: Assignment, today: date) -> bool:
    return row.starts_on <= today and (row.ends_on is None or row.ends_on > today)


def _leads_around(ever: Iterable[Assignment], today: date) -> tuple[Assignment | None, Assignment | None]:
    """Who led last, and who will lead next."""
    leads = [row for row in ever if row.role == Assignment.Role.LEAD]
    before = next((row for row in leads if row.starts_on <= today), None)
    return before, next((row for row in reversed(leads) if row.starts_on > today), None)


def _first_to_call(ranked: Iterable[Position]) -> list[Position]:
    """Of a partner's posts those that lead there, held or vacant; where nobody holds one, the first of the others too."""
    theirs = [post for post in ranked if post.function in THEIRS]
    if any(post.person for post in theirs):
        return theirs
    held = [post for post in ranked if post.person and post.function not in THEIRS]
    return theirs + held[:OTHERS]


def _open(partner: Partner, user: User, today: date) -> Open:
    open_now, late = Q(state__in=OPEN), Q(state__in=PENDING, due_on__lt=today)
    lately = Q(heard_on__gte=today - YEAR, heard_on__lte=today)
    rows = FollowUp.objects.visible_to(user).filter(open_now | lately, partner=partner)
    year = ring_figures.counters(among=lately)
    counted = rows.aggregate(
        open_now=Count("pk", filter=open_now),
        late=Count("pk", filter=late),
        untold=Count("pk", filter=Q(state=State.DONE)),
        oldest=Min("due_on", filter=late),
        **year,
    )
    longest = (today - counted["oldest"]).days if counted["oldest"] else 0
    told = {figure: counted[figure] for figure in year}
    return Open(counted["open_now"], counted["late"], counted["untold"], longest, told)


def sentence(glance: Glance) -> str:
    """The one sentence that says how it stands between this partner and the office."""
    name, waiting = glance.partner.name, glance.open
    if glance.partner.status == Partner.Status.FORMER:
        return _("%(name)s is no longer served.") % {"name": name}
    if glance.has_gap:
        gap = _gap(glance)
        if not waiting.late:
            return f"{gap}."
        late = ngettext(
            "%(count)s promise is %(days)s late",
            "%(count)s promises are late, the oldest by %(days)s",
            waiting.late,
        ) % _late(waiting)
        return _("%(gap)s, and %(late)s.") % {"gap": gap, "late": late}
    if waiting.late:
        return ngettext(
            "%(name)s waits for us: %(count)s promise is %(days)s late.",
            "%(name)s waits for us: %(count)s promises are late, the oldest by %(days)s.",
            waiting.late,
        ) % {"name": name, **_late(waiting)}
    if waiting.untold:
        return ngettext(
            "%(name)s has yet to hear what we did.",
            "%(name)s has yet to hear what we did about %(count)s things.",
            waiting.untold,
        ) % {"name": name, "count": spelled(waiting.untold, inside=True)}
    if glance.visit_overdue:
        return _seen(name, glance.unseen_days)
    if waiting.count:
        return ngettext(
            "%(name)s has one thing open with us, and it is on time.",
            "%(name)s has %(count)s things open with us, all on time.",
            waiting.count,
        ) % {"name": name, "count": spelled(waiting.count, inside=True)}
    return _("Nothing is open with %(name)s.") % {"name": name}


def _late(waiting: Open) -> dict[str, str]:
    return {
        "count": spelled(waiting.late, inside=True),
        "days": days_in_words(waiting.longest_late_days),
    }


def _gap(glance: Glance) -> str:
    """That nobody leads, until or since when; a sentence without its full stop. A backup is somebody, but no lead."""
    said: dict[str, object] = {"name": glance.partner.name}
    if glance.lead is not None:
        said["lead"] = glance.lead.user
        return _("%(lead)s, who looks after %(name)s, has left our office") % said
    nobody = not glance.contacts
    if glance.coming is not None:
        said |= {"lead": glance.coming.user, "day": near_day(glance.coming.starts_on)}
        if nobody:
            return _("Nobody looks after %(name)s until %(lead)s starts on %(day)s") % said
        return _("%(name)s has no lead contact until %(lead)s starts on %(day)s") % said
    if glance.before is not None and glance.before.ends_on is not None:
        said |= {"lead": glance.before.user, "day": near_day(glance.before.ends_on)}
        if nobody:
            return _("Nobody has looked after %(name)s since %(day)s, when %(lead)s stopped") % said
        return _("%(name)s has had no lead contact since %(day)s, when %(lead)s stopped") % said
    return (_("Nobody looks after %(name)s") if nobody else _("%(name)s has no lead contact")) % said


def _seen(name: str, days: int | None) -> str:
    if days is None:
        return _("We have not met %(name)s face to face yet.") % {"name": name}
    return _("We have not seen %(name)s for %(days)s.") % {"name": name, "days": days_in_words(days)}


def figures(glance: Glance) -> list[Figure]:
    """What is open, what is to be told, when we met, whom we know; each opens its rows."""
    waiting, partner, last = glance.open, glance.partner, glance.last_bill
    late = _("open, %(count)d late") % {"count": waiting.late} if waiting.late else _("open")
    of_open = links.follow_ups(partner=partner.pk, open=1)
    of_done = links.follow_ups(partner=partner.pk, state=State.DONE)
    of_people = reverse("partners:people_of", args=[partner.pk])
    return [
        Figure(str(waiting.count), late, of_open, "bad" if waiting.late else ""),
        Figure(str(waiting.untold), _("done, not told yet"), of_done, "warn" if waiting.untold else ""),
        _met(glance),
        Figure(str(glance.people), _("people we know there"), of_people),
        *([Figure(last.amount, last.words, last.bill.get_absolute_url())] if last else []),
    ]


def _met(glance: Glance) -> Figure:
    url = f"{glance.partner.get_absolute_url()}?kind=meetings"
    kind, tier = "warn" if glance.visit_overdue else "", glance.partner.tier
    if glance.unseen_days is None:
        return Figure("–", _("not met face to face yet"), url, kind)
    days = ngettext("%(count)d day", "%(count)d days", glance.unseen_days) % {"count": glance.unseen_days}
    said = (
        _("since we met (goal: every %(every)d)") % {"every": tier.every_days} if tier else _("since we met")
    )
    return Figure(days, said, url, kind)


@dataclass(frozen=True)
class Line:
    """Who holds a part in the relationship."""

    label: str
    text: str
    url: str = ""
    kind: str = ""
    phone: str = ""


def who_talks_to_whom(glance: Glance, today: date) -> list[Line]:
    """Our contacts, then their heads and leads, then the next visit; a part nobody holds is said, with since when."""
    since = glance.partner.lead_gap_since
    lines = []
    if glance.lead is None:
        gap = _("nobody, since %(day)s") % {"day": near_day(since)} if since else _("nobody")
        lines.append(Line(_("Our contact"), gap, kind="bad"))
    for row in sorted(glance.contacts, key=lambda row: row != glance.lead):
        label = _("Our contact") if row == glance.lead else row.get_role_display()
        url, left = reverse("partners:contacts_of", args=[row.user_id]), not row.user.is_active
        lines.append(Line(label, _ours(row), url, "bad" if left else "", "" if left else row.user.phone))
    for post in glance.posts:
        label = str(THEIRS.get(Position.Function(post.function), post.title))
        if post.person is None:
            lines.append(Line(label, _vacant(post, today), kind="bad"))
        else:
            acting = _("%(name)s, acting") % {"name": post.person} if post.acting else str(post.person)
            phone = post.person.phone or post.person.mobile
            lines.append(Line(label, acting, post.person.get_absolute_url(), phone=phone))
    if (visit := glance.next_visit) is not None:
        said = _("%(day)s, with %(name)s") % {"day": near_day(visit.planned_on), "name": visit.lead}
        lines.append(Line(_("Next visit"), said, visit.get_absolute_url()))
    return lines


def _ours(row: Assignment) -> str:
    """Who, and since when; who has left, or until when, where it has an end."""
    said = {"name": row.user, "day": date_format(row.starts_on, "M Y")}
    if not row.user.is_active:
        return _("%(name)s, who has left") % said
    if row.ends_on is not None:
        return _("%(name)s, until %(day)s") % {**said, "day": near_day(row.ends_on)}
    return _("%(name)s, since %(day)s") % said


def _vacant(post: Position, today: date) -> str:
    if post.starts_on is None:
        return _("vacant")
    days = (today - post.starts_on).days
    return ngettext("vacant, %(count)d day", "vacant, %(count)d days", days) % {"count": days}


def about(glance: Glance) -> list[str]:
    """The line under the sentence, which has the name: code, kind, size, how often to be seen."""
    partner = glance.partner
    said = [partner.code, str(partner.get_kind_display())]
    if partner.headcount:
        people = ngettext("%(count)s person", "%(count)s people", partner.headcount)
        said.append(people % {"count": f"{partner.headcount:,}"})
    if partner.population:
        said.append(_("population %(count)s") % {"count": f"{partner.population:,}"})
    if partner.divisions:
        divisions = ngettext("%(count)d division", "%(count)d divisions", partner.divisions)
        said.append(divisions % {"count": partner.divisions})
    if partner.tier:
        often = _("%(tier)s: a visit every %(days)d days")
        said.append(often % {"tier": partner.tier, "days": partner.tier.every_days})
    if partner.status != Partner.Status.ACTIVE:
        said.append(str(partner.get_status_display()))
    return [part for part in said if part]
