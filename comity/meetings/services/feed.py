"""One's own calendar, by a link that needs no sign-in: where one goes, where one was, and what one owes.

It holds what the person sees in Comity, and no more. Others' computers keep a copy of it, so what was said on a visit, why it
is made and who else goes are left in Comity, behind a link.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Event

from comity.audit import services as audit
from comity.followups import capabilities as followups
from comity.followups.models import FollowUp, FollowUpQuerySet
from comity.meetings.capabilities import PORTAL, READ
from comity.meetings.models import CalendarFeed, Meeting, MeetingQuerySet, PlannedVisit, with_whom
from comity.meetings.services import events
from comity.office import services as office
from comity.outbox.services import address
from comity.people.models import User
from comity.people.tokens import new_token

MAKE_LINK = "meetings.make_calendar_link"
STOP_LINK = "meetings.stop_calendar_link"
BACK = timedelta(days=90)
MOST = 1_000  # of each: meetings, visits, follow-ups


@transaction.atomic
def make_link(user: User) -> str:
    """The path of a new link to someone's calendar, told this once; the one before stops working."""
    raw, token_hash = new_token()
    facts = {"token_hash": token_hash, "made_at": timezone.now()}
    CalendarFeed.objects.update_or_create(user=user, defaults=facts)
    audit.record(by=user, action=MAKE_LINK, target=user)
    return reverse("meetings:feed", args=[raw])


@transaction.atomic
def stop_link(user: User) -> None:
    """Nobody reads the calendar by the link any more."""
    if CalendarFeed.objects.filter(user=user).delete()[0]:
        audit.record(by=user, action=STOP_LINK, target=user)


def calendar_of(user: User) -> bytes:
    """Someone's calendar, in their language: the same bytes as long as nothing in it changes."""
    since = office.today() - BACK
    with translation.override(user.language):
        name = _("Comity: %(office)s") % {"office": office.current_office().name}
        said = {"x_wr_calname": name, "name": name, "x_published_ttl": "PT1H"}
        return bytes(events.calendar([*_visits(user, since), *_due(user, since)], **said).to_ical())


def _visits(user: User, since: date) -> Iterator[Event]:
    """Visits one goes on, and meetings one was at; at a partner, the meetings that it sees."""
    if not user.can(READ if user.is_office else PORTAL):
        return
    seen: MeetingQuerySet = Meeting.objects.visible_to(user).standing().filter(held_on__gte=since)
    if user.is_office:
        seen = seen.filter(ours=user)
        plans = (
            PlannedVisit.objects.visible_to(user).with_us(user).filter(planned_on__gte=since, meeting=None)
        )
        for plan in plans.prefetch_related("partners")[:MOST]:
            yield events.planned(plan, with_whom(plan), url=address(plan.get_absolute_url()))
    for meeting in seen.select_related("planned_visit").prefetch_related("partners")[:MOST]:
        page = "meetings:detail" if user.is_office else "meetings:portal_detail"
        link = address(reverse(page, args=[meeting.pk]))
        yield events.held(meeting, with_whom(meeting), url=link)


def _due(user: User, since: date) -> Iterator[Event]:
    """Each open follow-up on its day: those one owns; at a partner, those that it sees. They block no time."""
    rows: FollowUpQuerySet = FollowUp.objects.visible_to(user).filter(due_on__gte=since)
    if not user.can(followups.READ if user.is_office else followups.PORTAL):
        return
    rows = rows.owned_by(user) if user.is_office else rows.open()
    for row in rows.select_related("partner").order_by("due_on", "pk")[:MOST]:
        said = {"what": row.title, "name": row.partner or ""}
        path = row.get_absolute_url() if user.is_office else reverse("followups:portal_detail", args=[row.pk])
        yield events.event(
            f"follow-up-{row.pk}@{events.host()}",
            (_("Due: %(what)s (%(name)s)") if row.partner else _("Due: %(what)s")) % said,
            row.due_on,
            changed_at=row.updated_at,
            sequence=row.version,
            transp="TRANSPARENT",
            url=address(path),
        )
