"""One line of time for a partner: what was said, done and told, who met, who looked after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter

from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate, TruncDay
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.adoption.models import Adoption, Step
from comity.billing.models import Bill
from comity.followups.models import FollowUp, State
from comity.inbox.models import Received
from comity.meetings.models import Meeting
from comity.partners.models import Assignment, Partner
from comity.people.models import User
from comity.tickets.models import Ticket
from comity.ui.components.days import month, near_day
from comity.ui.components.timeline import Item
from comity.ui.money import money

PAGE = 25
TICKETS = 200  # so many are counted for a page, and what else was opened on the day of the oldest
EVER = datetime(1900, 1, 1, tzinfo=UTC)
MOST_QUOTED = 300  # characters of a mail


@dataclass(frozen=True)
class Page:
    """Some items, newest first, and from where to go on (None at the end)."""

    items: list[Item]
    older: datetime | None


class Rest(Item):
    """What a source has before this moment is told on the next page."""


Source = Callable[[Partner, User, datetime, date], Iterable[Item]]


def timeline(
    partner: Partner,
    user: User,
    today: date,
    *,
    kind: str = "",
    but: Sequence[str] = (),
    before: datetime | None = None,
) -> Page:
    """A page of what this person may see of the partner's history; `kind` narrows it to one source, `but` leaves some out.

    Costs a fixed number of queries: each source gives at most one page, the newest of them are kept.
    """
    until = before or timezone.now()
    sources = (
        [SOURCES[kind]] if kind in SOURCES else [each for key, each in SOURCES.items() if key not in but]
    )
    found = [item for source in sources for item in source(partner, user, until, today)]
    known_from = max((item.at for item in found if isinstance(item, Rest)), default=None)
    if known_from is not None:
        found = [item for item in found if item.at >= known_from and not isinstance(item, Rest)]
    found.sort(key=attrgetter("at"), reverse=True)
    items = found[:PAGE]
    is_more = known_from is not None or len(found) > PAGE
    return Page(items, older=items[-1].at if is_more else None)


def _follow_ups(partner: Partner, user: User, until: datetime, today: date) -> Iterable[Item]:
    rows = FollowUp.objects.visible_to(user).filter(partner=partner, heard_at__lt=until)
    for row in rows.select_related("owner", "raised_by_user", "raised_by_person").order_by(
        "-heard_at", "-pk"
    )[: PAGE + 1]:
        by = _("anonymous") if row.anonymous else str(row.raised_by or "")
        yield Item(
            at=row.heard_at,
            kind=_("Follow-up"),
            title=row.title,
            url=row.get_absolute_url(),
            ring=row.ring(today),
            quote=row.said,
            body=" · ".join(part for part in (by, _standing(row, today)) if part),
            office_only=row.office_only,
        )


def _standing(row: FollowUp, today: date) -> str:
    """Where a follow-up stands, in one line."""
    due = near_day(row.due_on)
    if row.state == State.TOLD:
        told = _("Told: %(words)s") % {"words": row.told_words or row.done_words}
        return f"{told} · {row.get_helped_display()}" if row.helped else told
    if row.state == State.DONE:
        return _("Done, not told yet: %(words)s") % {"words": row.done_words}
    if row.state == State.WITHDRAWN:
        return _("Withdrawn")
    late = row.due_on < today
    if row.owner is None:
        return _("Nobody owns it yet · was due %(day)s") % {"day": due} if late else _("Nobody owns it yet")
    if late:
        return _("Owned by %(owner)s · was due %(day)s") % {"owner": row.owner, "day": due}
    return _("Owned by %(owner)s · due %(day)s") % {"owner": row.owner, "day": due}


def _meetings(partner: Partner, user: User, until: datetime, today: date) -> Iterable[Item]:
    rows = Meeting.objects.visible_to(user).filter(partners=partner, held_on__lte=until.date())
    rows = rows.order_by("-held_on", "-pk")[: PAGE + 1]
    names = _who_was_there(row.pk for row in rows)
    for row in rows:
        at = _moment(row.held_on, row.held_at)
        if at >= until:
            continue
        there = [*names[row.pk], *filter(None, [row.others])]
        yield Item(
            at=at,
            kind=_("Meeting"),
            title=str(row),
            url=row.get_absolute_url(),
            body=_("%(how)s, with %(people)s") % {"how": row.get_how_display(), "people": ", ".join(there)},
            quote=row.said,
            office_only=row.office_only,
        )


def _who_was_there(meetings: Iterable[int]) -> dict[int, list[str]]:
    """The names at each meeting, theirs before ours. One query."""
    keys, sides = list(meetings), ((Meeting.theirs.through, "person"), (Meeting.ours.through, "user"))
    theirs, ours = (
        side._default_manager.filter(meeting__in=keys).values_list(
            "meeting", Value(place), f"{who}__sort_name", who, f"{who}__name", f"{who}__email"
        )
        for place, (side, who) in enumerate(sides)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for meeting, _side, _order, _pk, name, email in sorted(theirs.union(ours, all=True)):
        found[meeting].append(name or email)
    return found


def _contacts(partner: Partner, user: User, until: datetime, today: date) -> Iterable[Item]:
    rows = Assignment.objects.visible_to(user).filter(partner=partner, starts_on__lte=today)
    for row in rows.select_related("user").order_by("-starts_on", "-pk")[: PAGE + 1]:
        role = str(row.get_role_display())
        said = {"name": row.user, "role": role[:1].lower() + role[1:]}
        began = _moment(row.starts_on, None)
        if began < until:
            yield Item(began, _("Contact"), _("%(name)s became %(role)s") % said)
        if row.ends_on and row.ends_on <= today and (ended := _moment(row.ends_on, None)) < until:
            yield Item(ended, _("Contact"), _("%(name)s is no longer %(role)s") % said, body=row.reason_ended)


def _bills(partner: Partner, user: User, until: datetime, today: date) -> Iterable[Item]:
    rows = Bill.objects.visible_to(user).issued().filter(partner=partner, issued_at__lt=until)
    for row in rows.select_related("run__period").order_by("-issued_at", "-pk")[: PAGE + 1]:
        said = {"amount": money(row.total_cents), "month": month(row.run.period.first_on)}
        assert row.issued_at is not None
        yield Item(
            at=row.issued_at,
            kind=_("Bill"),
            title=_("%(amount)s for %(month)s") % said,
            url=row.get_absolute_url(),
            body=row.number,
        )


def _mail(partner: Partner, user: User, until: datetime, today: date) -> Iterable[Item]:
    rows = Received.objects.visible_to(user).filed().filter(partner=partner, sent_at__lt=until)
    for row in rows.order_by("-sent_at", "-pk")[: PAGE + 1]:
        yield Item(
            at=row.sent_at,
            kind=_("Mail"),
            title=str(row),
            url=row.get_absolute_url(),
            body=row.sender_name or row.sender,
            quote=row.text[:MOST_QUOTED],
            office_only=True,
        )


def _services(partner: Partner, user: User, until: datetime, today: date) -> Iterable[Item]:
    own = Adoption.objects.visible_to(user).filter(partner=partner)
    rows = Step.objects.visible_to(user).filter(adoption__in=own, on__lte=until.date())
    for row in rows.select_related("adoption__service", "by").order_by("-on", "-pk")[: PAGE + 1]:
        if (at := _moment(row.on, None)) < until:
            yield Item(
                at=at,
                kind=_("Service"),
                title=f"{row.adoption.service}: {row.get_stage_display()}",
                url=row.adoption.get_absolute_url(),
                body=str(row.by or ""),
                quote=row.words,
            )


def _tickets(partner: Partner, user: User, until: datetime, today: date) -> Iterable[Item]:
    """One line for a day on which tickets were opened or solved, at its first moment.

    Days are told from moments one by one, so only those are counted on which the newest were opened.
    """
    last = timezone.localdate(until - timedelta(microseconds=1))
    end = _moment(last + timedelta(days=1), time())
    rows = Ticket.objects.visible_to(user).filter(partner=partner).order_by()
    newest = rows.filter(opened_at__lt=end).order_by("-opened_at").annotate(begins=TruncDay("opened_at"))
    first = Coalesce(Subquery(newest.values("begins")[TICKETS : TICKETS + 1]), Value(EVER))
    opened, solved = (
        rows.filter(**{f"{moment}__gte": first, f"{moment}__lt": end})
        .annotate(day=TruncDate(moment), what=Value(at))
        .values_list("day", "what")
        .annotate(count=Count("pk"))
        for at, moment in enumerate(("opened_at", "resolved_at"))
    )
    days: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for day, what, count in opened.union(solved, all=True).order_by("-day")[: 2 * (PAGE + 1)]:
        days[day][what] = count
    for day, (new, done) in days.items():
        said = [
            ngettext("%(n)d ticket opened", "%(n)d tickets opened", new) % {"n": new} if new else "",
            ngettext("%(n)d ticket solved", "%(n)d tickets solved", done) % {"n": done} if done else "",
        ]
        asked = urlencode({"partner": str(partner.pk), "opened_from": str(day), "opened_to": str(day)})
        url = f"{reverse('tickets:list')}?{asked}"
        yield Item(_moment(day, time()), _("Tickets"), ", ".join(filter(None, said)), url)
    if sum(new for new, _done in days.values()) > TICKETS:
        yield Rest(_moment(min(days), time()))


def _moment(day: date, clock: time | None) -> datetime:
    return datetime.combine(day, clock or time(12), timezone.get_current_timezone())


SOURCES: dict[str, Source] = {
    "follow-ups": _follow_ups,
    "meetings": _meetings,
    "contacts": _contacts,
    "bills": _bills,
    "services": _services,
    "mail": _mail,
    "tickets": _tickets,
}
LABELS: dict[str, Promise] = {
    "": gettext_lazy("Everything"),
    "follow-ups": gettext_lazy("Follow-ups"),
    "meetings": gettext_lazy("Meetings"),
    "contacts": gettext_lazy("Contacts"),
    "bills": gettext_lazy("Bills"),
    "services": gettext_lazy("Services"),
    "mail": gettext_lazy("Mail"),
    "tickets": gettext_lazy("Tickets"),
}
