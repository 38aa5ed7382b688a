"""Gathers a brief: sections of lines, which the page and the sheet of paper show alike.

Of each section there are so many lines, and of each line so many letters, that an ordinary partner fits on one sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from comity.briefing import glance as glances
from comity.briefing import healths, links, satisfaction
from comity.briefing.brief.questions import questions
from comity.briefing.glance import Glance
from comity.briefing.timeline import timeline
from comity.business.services import Near, near
from comity.followups import kinds
from comity.followups.models import FollowUp
from comity.meetings.capabilities import READ as READ_MEETINGS
from comity.meetings.models import PROMISE, PROMISES, THEIR_PROMISE, Meeting, PlannedVisit
from comity.partners.models import Partner
from comity.people.models import User
from comity.stakeholders.capabilities import READ as READ_STAKEHOLDERS
from comity.stakeholders.models import Stakeholder
from comity.surveys.services.low_ratings import LOW_RATING
from comity.ui.components.days import near_day

SHOWN = 4  # lines of a section
LETTERS = 130  # of what stands below a line
OPEN = 100  # looked at of what is open


@dataclass(frozen=True)
class Line:
    """words, what stands small below them, and where the rows behind it are"""

    words: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Section:
    """more: how many are not shown; beside: whether the page has it in its margin"""

    heading: str
    lines: list[Line]
    more: str = ""
    beside: bool = False


@dataclass(frozen=True)
class Brief:
    """All that the page and the sheet show."""

    partner: Partner
    sentence: str
    facts: list[tuple[str, str]]
    questions: list[Line]
    sections: list[Section]


def brief_of(partner: Partner, user: User, today: date) -> Brief:
    """Gather it in a fixed number of queries. `partner` comes with its tier, its parent and its health."""
    seen = glances.look_at(partner, user, today)
    rows = FollowUp.objects.visible_to(user).open().filter(partner=partner).select_related("owner", "partner")
    open_rows = list(rows.order_by("due_on", "pk")[:OPEN])
    shared = [row for row in open_rows if not row.office_only]  # nobody is asked about what they do not see
    coming = near([partner], today)[partner.pk]
    sections = [
        *_visit(seen.next_visit),
        *_their_year(partner, coming),
        *_people(partner, seen, user, today),
        *_standing(partner, user),
        *_open(open_rows, today),
        *_their_words(partner, user),
        *_meetings(partner, user),
        *_since(partner, user, today),
        *_money(seen),
    ]
    return Brief(
        partner,
        glances.sentence(seen),
        _facts(seen),
        [Line(asked, why) for asked, why in questions(seen, shared, coming, today)],
        sections,
    )


def _section(
    heading: str, lines: Iterable[Line], *, most: int = SHOWN, beside: bool = False
) -> Iterator[Section]:
    """A section, if there is anything in it."""
    found = list(lines)
    left = len(found) - most
    more = _("%(count)d more are not shown.") % {"count": left} if left > 0 else ""
    shown = [Line(_cut(line.words), _cut(line.note), line.url) for line in found[:most]]
    if shown:
        yield Section(heading, shown, more, beside)


def _cut(text: str) -> str:
    return str(Truncator(text).chars(LETTERS))


def _facts(seen: Glance) -> list[tuple[str, str]]:
    lead, met = seen.lead, seen.partner.last_met_on
    tier = seen.partner.tier
    return [
        (_("Our contact"), str(lead.user) if lead else _("Nobody")),
        (_("Last met"), near_day(met) if met else _("Never")),
        (_("Goal"), _("every %(days)d days") % {"days": tier.every_days} if tier else _("None")),
        (_("Open"), f"{seen.open.count:,}"),
    ]


def _visit(plan: PlannedVisit | None) -> Iterator[Section]:
    """The next visit, as it is planned."""
    if plan is None:
        return
    when = [
        near_day(plan.planned_on),
        plan.planned_at and f"{plan.planned_at:%H:%M}",
        plan.place,
        plan.travel,
    ]
    line = Line(" · ".join(str(part) for part in when if part), plan.why, plan.get_absolute_url())
    yield from _section(_("The visit: %(what)s") % {"what": plan}, [line])


def _their_year(partner: Partner, coming: list[Near]) -> Iterator[Section]:
    """What keeps them busy now or soon, from the page of their business."""
    url = reverse("business:of_partner", args=[partner.pk])
    lines = [
        Line(each.season.name, " · ".join(filter(None, [each.when, each.season.means])), url)
        for each in coming
    ]
    yield from _section(_("In their year"), lines, beside=True)


def _people(partner: Partner, seen: Glance, user: User, today: date) -> Iterator[Section]:
    """Who leads there, then those who have a say, with how they stand."""
    rows: list[Stakeholder] = []
    if user.can(READ_STAKEHOLDERS):
        known = Stakeholder.objects.visible_to(user).on(today).filter(partner=partner, initiative=None)
        ranked = known.select_related("person").order_by("-influence", "-interest", "person__sort_name", "pk")
        rows = list(ranked[: SHOWN + 2])
    stands = {row.person_id: row for row in rows}
    lines = []
    titles: dict[int | None, list[str]] = {}
    for post in seen.posts:
        titles.setdefault(post.person_id, []).append(post.title)
    for post in seen.posts:
        if post.person and post.person_id not in titles:
            continue  # who holds several stands there once
        held = ", ".join(titles.pop(post.person_id)) if post.person else post.title
        row = stands.pop(post.person_id or 0, None)
        url = post.person.get_absolute_url() if post.person else ""
        words = str(post.person or _("vacant"))
        lines.append(Line(words, " · ".join([held, *(_stance(row) if row else [])]), url))
    lines += [
        Line(str(row.person), " · ".join(_stance(row)), row.get_absolute_url()) for row in stands.values()
    ]
    yield from _section(_("Who to meet"), lines, most=SHOWN + 2, beside=True)


def _stance(row: Stakeholder) -> list[str]:
    said = [str(row.get_role_display()), str(row.get_stance_display())]
    return [*said, *([_("long-timer")] if row.long_timer else [])]


def _standing(partner: Partner, user: User) -> Iterator[Section]:
    """Health and what moved it; how satisfied they said they are, as far as that may be shown."""
    lines = []
    if (health := healths.of_partner(user, partner)) is not None:
        said = {"band": health.band.label, "score": health.score}
        band = _("Health: %(band)s") if health.score is None else _("Health: %(band)s, %(score)s of 100")
        moved = _("%(change)s in 30 days: %(moved)s") % {"change": health.change, "moved": health.moved}
        notes = [*([moved] if health.moved else []), *health.stops]
        lines.append(Line(band % said, " · ".join(notes), reverse("health:partner", args=[partner.pk])))
    if (rated := satisfaction.of_partner(user, partner)) is not None:
        lines.append(Line(rated.sentence, f"{rated.wave}. {rated.certainty}", rated.url))
    yield from _section(_("How it stands"), lines, beside=True)


def _open(rows: list[FollowUp], today: date) -> Iterator[Section]:
    """What each side promised, what they told us, and what we have to do among us; each the soonest due first."""
    sorts: dict[str, list[Line]] = {PROMISE: [], THEIR_PROMISE: [], "told": [], "ours": []}
    for row in rows:
        sort = row.kind if row.kind in sorts else "ours" if row.office_only else "told"
        sorts[sort].append(Line(row.title, _due(row, today), row.get_absolute_url()))
    yield from _section(_("What we promised"), sorts[PROMISE])
    yield from _section(_("What they promised"), sorts[THEIR_PROMISE])
    yield from _section(_("What they told us, still open"), sorts["told"])
    yield from _section(_("Our own steps"), sorts["ours"])


def _due(row: FollowUp, today: date) -> str:
    what = [] if row.kind in PROMISES else [kinds.label(row.kind)]
    when = row.due_words(today) if row.is_pending else str(row.get_state_display())
    return " · ".join([*what, when, str(row.owner or _("no owner yet"))])


def _their_words(partner: Partner, user: User) -> Iterator[Section]:
    """What they wrote under low ratings; only where a survey let it come with their name is it a follow-up of theirs."""
    rows = FollowUp.objects.visible_to(user).filter(partner=partner, kind=LOW_RATING, said__contains="\n")
    lines = [
        Line(row.title, row.source_label, row.get_absolute_url())
        for row in rows.order_by("-heard_at", "-pk")[:2]
    ]
    yield from _section(_("In their words"), lines)


def _meetings(partner: Partner, user: User) -> Iterator[Section]:
    if not user.can(READ_MEETINGS):
        return
    rows = Meeting.objects.visible_to(user).standing().filter(partners=partner)
    lines = [
        Line(
            f"{near_day(row.held_on)} · {row}",
            " · ".join(
                filter(None, [str(row.get_mood_display()) if row.mood else "", row.said or row.notes])
            ),
            row.get_absolute_url(),
        )
        for row in rows.order_by("-held_on", "-pk")[:3]
    ]
    yield from _section(_("Last meetings"), lines)


def _since(partner: Partner, user: User, today: date) -> Iterator[Section]:
    """What happened since we last met face to face, besides meetings; of the last quarter where we never did."""
    met = partner.last_met_on or today - timedelta(days=91)
    items = timeline(partner, user, today, but=("meetings", "tickets")).items
    lines = [
        Line(item.title, f"{item.kind} · {near_day(item.at.date())}", item.url)
        for item in items
        if item.at.date() > met and not item.office_only
    ]
    yield from _section(
        _("Since we last met") if partner.last_met_on else _("In the last three months"), lines
    )


def _money(seen: Glance) -> Iterator[Section]:
    if (last := seen.last_bill) is not None:
        line = Line(last.amount, last.words, last.bill.get_absolute_url())
        yield from _section(_("Last bill"), [line], beside=True)


def log_url(partner: Partner) -> str:
    """Where one writes down afterwards what was said."""
    return links.log_visit(partner)
