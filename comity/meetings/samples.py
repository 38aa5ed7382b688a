"""Who stands for which part of the office in the State of Franklin, meetings there of their own kinds, and a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile

from comity.imports import services as imports
from comity.imports import staging
from comity.jobs.progress import Unwatched
from comity.meetings.models import Function, Meeting
from comity.meetings.services import Promised, log_visit, name_officers, plan_visit
from comity.meetings.services.new_heads import raise_for_new_heads
from comity.office.services import today
from comity.partners.models import Partner, Person, Position
from comity.partners.services import end_position, fill_position
from comity.people.models import User

OFFICERS = {
    Function.SERVICES: "sam",
    Function.SOLUTIONS: "kit",
    Function.PROCUREMENT: "ines",
    Function.CUSTOMER: "carla",
}  # nobody stands for risk yet, as in many offices


def officers(staff: Mapping[str, User], _partners: Mapping[str, Partner]) -> None:
    name_officers({function: staff[key] for function, key in OFFICERS.items()}, by=staff["carla"])


def quarterly_review(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    """Planned as one of a series, and held: its page proposes the next."""
    to: dict[str, Any] = {"partners": [partners["DOH"]], "by": staff["ana"]}
    plan = plan_visit(planned_on=today(), kind=Meeting.Kind.QUARTERLY, in_series=True, **to)
    log_visit(
        held_on=today(),
        plan=plan,
        ours=[staff["ana"], staff["sam"]],
        theirs=heads(partners["DOH"]),
        said="Two of the three promises of the summer are kept. The clinics want the early desk line before the flu season.",
        notes="Sam and I had not agreed beforehand who answers for the line, and it showed.",
        mood=Meeting.Mood.CONSTRUCTIVE,
        office_only=False,
        promises=[
            Promised("Say by when each clinic has the early desk line", due_on=today() + timedelta(days=56))
        ],
        **to,
    )


def mission_briefing(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    log_visit(
        partners=[partners["PRK"]],
        by=staff["ben"],
        kind=Meeting.Kind.BRIEFING,
        how=Meeting.How.VIDEO,
        held_on=today(),
        ours=[staff["ben"], staff["kit"], staff["sam"]],
        theirs=heads(partners["PRK"]),
        said="The director explained what a park does in a year: bookings in March, seasonal hires in May, storms in August.",
        office_only=False,
    )


def joint_journey(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    log_visit(
        partners=[partners["CHS"]],
        by=staff["ben"],
        kind=Meeting.Kind.JOURNEY,
        held_on=today(),
        theirs=heads(partners["CHS"]),
        said="We followed a report from the call to the visit at two in the morning. The form has forty boxes on a small screen.",
        notes="Their night lead said more than the director knew. Go back without slides.",
        mood=Meeting.Mood.RESERVED,
    )


def new_head(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    """Of Commerce and Insurance the head left, and one of their own leads for the time being."""
    by, there = staff["ana"], Position.objects.filter(partner=partners["COM"]).current(today()).held()
    head = there.filter(function=Position.Function.HEAD).first()
    acting = there.exclude(function=Position.Function.HEAD).by_rank().first()
    if head is None or acting is None or acting.person is None:
        return
    end_position(head.pk, on=today(), leaves_vacant=True, by=by)
    vacant = Position.objects.filter(partner=partners["COM"], function=Position.Function.HEAD).vacant()
    fill_position(vacant.latest("pk").pk, person=acting.person, on=today(), acting=True, by=by)
    raise_for_new_heads()


# Days from when it is brought in, the hour, what it is about, with whom ("" for nobody known), and what else is said.
CALENDAR = (
    (
        -6,
        "100000",
        "Clinics and the move of the data center",
        "DOH",
        "LOCATION:https://teams.microsoft.com/l/meetup-join/1",
    ),
    (-3, "143000", "Walk through the new counter", "DOR", "LOCATION:Room 112, Andrew Jackson Annex"),
    (-2, "120000", "Lunch with Kit", "", ""),
    (-1, "080000", "Private", "DOH", "CLASS:PRIVATE"),
    (44, "090000", "Before the filing season", "DOR", "LOCATION:Room 112, Andrew Jackson Annex"),
)


def calendar(staff: Mapping[str, User], partners: Mapping[str, Partner]) -> None:
    """Ana's own, as Outlook exports it: what she kept there before she wrote it down here."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for number, (days, hour, title, code, more) in enumerate(CALENDAR):
        day = today() + timedelta(days=days)
        asked = [
            f'ATTENDEE;CN="{one.name}":mailto:{one.email}' for one in (heads(partners[code]) if code else [])
        ]
        lines += ["BEGIN:VEVENT", f"UID:040000008200E00074C5B7101A82E008{number}", f"SUMMARY:{title}", *asked]
        lines += [
            f"DTSTART;TZID=Eastern Standard Time:{day:%Y%m%d}T{hour}",
            *filter(None, [more]),
            "END:VEVENT",
        ]
    file = ContentFile("\r\n".join([*lines, "END:VCALENDAR", ""]).encode(), name="ana-calendar.ics")
    batch = imports.receive(file, profile="meetings", by=staff["ana"], in_background=False)
    staging.read(Unwatched(), import_id=batch.pk)
    imports.apply(batch.pk, by=staff["ana"], here=True)


def heads(partner: Partner) -> list[Person]:
    return list(
        Person.objects.filter(positions__partner=partner, positions__function="head", left_on=None)[:1]
    )
