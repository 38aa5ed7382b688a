"""Invitations to visits: what a mail program puts into its reader's calendar, moves there and takes out again (RFC 5546, iMIP).

Everyone of ours who goes has one, and the partner's people where whoever plans it wants them invited. The office invites, so that
an invitation stays the same one whoever leads the visit; nobody has to answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from email.utils import parseaddr

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Event, vCalAddress

from comity.meetings.models import CalendarEvent, PlannedVisit, with_whom
from comity.meetings.services import events
from comity.office import services as office
from comity.outbox import services as outbox

INVITATION = "meetings.invitation"
TOLD = {"planned_on", "planned_at", "kind", "how", "place", "title", "partners"}  # what an invitation says


@dataclass(frozen=True)
class Guest:
    """Who is invited, by their address."""

    name: str
    language: str
    ours: bool


def guests_of(plan_id: int) -> dict[str, Guest]:
    """The same of a visit by its key."""
    plan = PlannedVisit.objects.filter(pk=plan_id).first()
    return guests(plan) if plan else {}


def guests(plan: PlannedVisit) -> dict[str, Guest]:
    """Who is to have the visit in their calendar. Nobody where it came out of one."""
    if CalendarEvent.objects.filter(visit=plan).exists():
        return {}
    found = {}
    if plan.invite_theirs:
        for person in plan.theirs.exclude(email=""):
            found[person.email.lower()] = Guest(person.name, person.language, ours=False)
    for one in plan.going.select_related("user").filter(user__is_active=True):
        found[one.user.email] = Guest(one.user.name, one.user.language, ours=True)
    return found


def send(plan: PlannedVisit, before: Mapping[str, Guest], *, moved: bool = True) -> None:
    """Invite who is to come, again where it moved, and tell who is not to come any more. In the caller's transaction.

    before  who had been invited
    """
    now = {} if plan.state == PlannedVisit.State.CALLED_OFF else guests(plan)
    for address, guest in now.items():
        if moved or address not in before:
            _mail(plan, address, guest, "REQUEST", again=address in before)
    for address, guest in before.items():
        if address not in now:
            _mail(plan, address, guest, "CANCEL")


def _mail(plan: PlannedVisit, address: str, guest: Guest, method: str, *, again: bool = False) -> None:
    with translation.override(guest.language):
        partners = with_whom(plan)
        whose = partners if guest.ours else office.current_office().name
        when = when_words(plan.planned_on, plan.planned_at)
        about = events.headed(plan, whose)
        said = {"what": about, "when": when}
        subject = (
            _("Canceled: %(what)s")
            if method == "CANCEL"
            else _("Changed: %(what)s, %(when)s")
            if again
            else "%(what)s, %(when)s"
        )
        context = {
            "subject": subject % said,
            "plan": plan,
            "when": when,
            "canceled": method == "CANCEL",
            "partners": partners,
            "going": ", ".join(str(one.user) for one in plan.going.select_related("user")),
            "address": outbox.address(plan.get_absolute_url()) if guest.ours else "",
        }
        calendar = _calendar(plan, whose, address, guest, method)
    outbox.put(
        to=address,
        to_name=guest.name,
        kind=INVITATION,
        template="meetings/mail/invitation",
        context=context,
        language=guest.language,
        key=f"visit:{plan.pk}:{plan.version}:{method}:{address}",
        about=plan,
        calendar=calendar,
    )


def _calendar(plan: PlannedVisit, whose: str, address: str, guest: Guest, method: str) -> str:
    link = outbox.address(plan.get_absolute_url()) if guest.ours else ""
    return asked(events.planned(plan, whose, url=link), address, guest.name, method)


def when_words(on: date, at: time | None) -> str:
    """The day and the time in whole words, in the language in which one writes."""
    day = date_format(on, "l, F j, Y" if get_language() == "en" else r"l j \d\e F \d\e Y")
    return _("%(day)s at %(time)s") % {"day": day, "time": time_format(at)} if at else day


def asked(event: Event, address: str, name: str, method: str) -> str:
    """The calendar that asks somebody to come, or tells them not to.

    Names its reader alone: nobody learns from it whose addresses the others are.
    """
    event["STATUS"] = "CANCELLED" if method == "CANCEL" else "CONFIRMED"
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = office.current_office().name
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params.update(
        {"CN": name, "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"}
    )
    event.add("organizer", organizer)
    event.add("attendee", attendee)
    return bytes(events.calendar([event], method=method).to_ical()).decode()
