"""A partner at a glance: what matters of it, in one sentence and a handful of figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.briefing import links
from comity.briefing.links import Figure
from comity.briefing.numbers_in_words import days_in_words, spelled
from comity.followups.models import PENDING, FollowUp, State
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


@dataclass(frozen=True)
class Open:
    """What is open between a partner and the office."""

    count: int
    late: int
    untold: int
    longest_late_days: int


@dataclass(frozen=True)
class Glance:
    """All a glance shows besides the timeline."""

    partner: Partner
    open: Open
    contacts: list[Assignment]
    posts: list[Position]
    people: int
    divisions: int
    unseen_days: int | None
    next_visit: PlannedVisit | None

    @property
    def lead(self) -> Assignment | None:
        return next((row for row in self.contacts if row.role == Assignment.Role.LEAD), None)

    @property
    def visit_overdue(self) -> bool:
        """Not seen face to face for longer than its tier allows; never seen counts."""
        tier = self.partner.tier
        return tier is not None and (self.unseen_days is None or self.unseen_days > tier.every_days)


def look_at(partner: Partner, user: User, today: date) -> Glance:
    """Gather a glance in six queries. `partner` comes with its tier and parent."""
    posts = Position.objects.filter(partner=partner).current(today).select_related("person")
    visits = PlannedVisit.objects.visible_to(user).planned().to_partner(partner).filter(planned_on__gte=today)
    return Glance(
        partner=partner,
        open=_open(partner, user, today),
        contacts=list(Assignment.objects.filter(partner=partner).on(today).select_related("user")),
        posts=sorted(
            posts.filter(function__in=THEIRS),
            key=lambda post: list(THEIRS).index(Position.Function(post.function)),
        ),
        people=posts.exclude(person=None).values("person").distinct().count(),
        divisions=partner.children.count(),
        unseen_days=(today - partner.last_met_on).days if partner.last_met_on else None,
        next_visit=visits.select_related("lead").order_by("planned_on", "pk").first(),
    )


def _open(partner: Partner, user: User, today: date) -> Open:
    late = Q(state__in=PENDING, due_on__lt=today)
    counted = (
        FollowUp.objects.visible_to(user)
        .filter(partner=partner)
        .open()
        .aggregate(
            count=Count("pk"),
            late=Count("pk", filter=late),
            untold=Count("pk", filter=Q(state=State.DONE)),
            oldest=Min("due_on", filter=late),
        )
    )
    oldest = counted["oldest"]
    return Open(counted["count"], counted["late"], counted["untold"], (today - oldest).days if oldest else 0)


def sentence(glance: Glance) -> str:
    """The one sentence that says how it stands between this partner and the office."""
    name, waiting = glance.partner.name, glance.open
    if glance.partner.status == Partner.Status.FORMER:
        return _("%(name)s is no longer served.") % {"name": name}
    if waiting.late:
        return ngettext(
            "%(name)s waits for us: %(count)s promise is %(days)s late.",
            "%(name)s waits for us: %(count)s promises are late, the oldest by %(days)s.",
            waiting.late,
        ) % {
            "name": name,
            "count": spelled(waiting.late, inside=True),
            "days": days_in_words(waiting.longest_late_days),
        }
    if glance.lead is None and glance.partner.status == Partner.Status.ACTIVE:
        return _("Nobody looks after %(name)s.") % {"name": name}
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


def _seen(name: str, days: int | None) -> str:
    if days is None:
        return _("We have not met %(name)s face to face yet.") % {"name": name}
    return _("We have not seen %(name)s for %(days)s.") % {"name": name, "days": days_in_words(days)}


def figures(glance: Glance) -> list[Figure]:
    """What is open, what is to be told, when we met, whom we know; each opens its rows."""
    waiting, partner = glance.open, glance.partner
    late = _("open, %(count)d late") % {"count": waiting.late} if waiting.late else _("open")
    of_open = links.follow_ups(partner=partner.pk, open=1)
    of_done = links.follow_ups(partner=partner.pk, state=State.DONE)
    of_people = reverse("partners:people_of", args=[partner.pk])
    return [
        Figure(str(waiting.count), late, of_open, "bad" if waiting.late else ""),
        Figure(str(waiting.untold), _("done, not told yet"), of_done, "warn" if waiting.untold else ""),
        _met(glance),
        Figure(str(glance.people), _("people we know there"), of_people),
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
        began = date_format(row.starts_on, "M Y")
        said = _("%(name)s, since %(day)s") % {"name": row.user, "day": began}
        label = _("Our contact") if row == glance.lead else row.get_role_display()
        lines.append(Line(label, said, phone=row.user.phone))
    for post in glance.posts:
        label = str(THEIRS[Position.Function(post.function)])
        if post.person is None:
            lines.append(Line(label, _vacant(post, today), kind="bad"))
        else:
            acting = _("%(name)s, acting") % {"name": post.person} if post.acting else str(post.person)
            lines.append(Line(label, acting, post.person.get_absolute_url(), phone=post.person.phone))
    if (visit := glance.next_visit) is not None:
        said = _("%(day)s, with %(name)s") % {"day": near_day(visit.planned_on), "name": visit.lead}
        lines.append(Line(_("Next visit"), said, visit.get_absolute_url()))
    return lines


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
    if glance.divisions:
        divisions = ngettext("%(count)d division", "%(count)d divisions", glance.divisions)
        said.append(divisions % {"count": glance.divisions})
    if partner.tier:
        often = _("%(tier)s: a visit every %(days)d days")
        said.append(often % {"tier": partner.tier, "days": partner.tier.every_days})
    if partner.status != Partner.Status.ACTIVE:
        said.append(str(partner.get_status_display()))
    return [part for part in said if part]
