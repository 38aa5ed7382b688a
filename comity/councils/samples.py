"""In the State of Franklin: two councils and an affinity group over two years; one of them got what it asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from comity.councils.models import Council, CouncilMeeting, Seat
from comity.councils.services import joining, live, meetings, topics
from comity.councils.services.councils import COUNCILS, SEATS
from comity.councils.services.meetings import AGENDA, DECISIONS
from comity.followups import services as ring
from comity.followups.models import FollowUp, How
from comity.office.services import today
from comity.partners.models import Partner, Position
from comity.people.models import User

Staff = Mapping[str, User]
Partners = Mapping[str, Partner]
Make = Callable[[Staff, Partners], object]
TEXTS = tomllib.loads(Path(__file__).with_name("franklin.toml").read_text())["council"]
BEGUN, TERM = 722, timedelta(days=750)
AHEAD, LATER = 23, 17  # days before it is held on which a meeting is planned, and for how many days later


def _found(of: dict[str, Any]) -> Council:
    return Council.objects.get(name=of["name"])


def _partner(partners: Partners, key: str) -> Partner:
    return partners[key] if key in partners else Partner.objects.get(name=key)


def _person(partner: Partner, function: str) -> Any:
    """Whoever has this function there; somebody else where nobody has, and nobody for a vacant seat."""
    held = Position.objects.current(today()).held().filter(partner=partner).order_by("pk")
    post = held.filter(function=function).first() or held.first()
    return post.person if post and function else None


def begin(staff: Staff, partners: Partners, *, of: dict[str, Any]) -> None:
    by = staff[of["facilitator"]]
    facts = {name: of[name] for name in ("name", "kind", "purpose", "charter")}
    more = {"facilitator": by, "begun_on": today(), "open_meetings": of["open"], "notice_days": 7}
    council = COUNCILS.enter({**facts, **more}, by=by)
    for place, (key, function, *role) in enumerate(of["seats"]):
        partner = _partner(partners, key)
        seat = {"council": council, "partner": partner, "person": _person(partner, function)}
        ends_on = today() + TERM if place % 3 == 1 else None
        SEATS.enter(
            {**seat, "role": role[0] if role else "member", "begins_on": today(), "ends_on": ends_on}, by=by
        )


def succeed(staff: Staff, partners: Partners) -> None:
    """Education sends somebody else."""
    seat = Seat.objects.get(council__name="IT Customer Council", partner=partners["DOE"])
    SEATS.mend(seat, {"ends_on": today()}, by=staff["carla"])
    held = Position.objects.current(today()).held().filter(partner=seat.partner).exclude(person=seat.person)
    post = held.order_by("pk").first()
    facts = {"council": seat.council, "partner": seat.partner, "begins_on": today()}
    SEATS.enter({**facts, "person": post.person if post else None}, by=staff["carla"])


def _plan(staff: Staff, of: dict[str, Any], on: date, place: str, agenda: list[Any]) -> CouncilMeeting:
    by = staff[of["facilitator"]]
    on += timedelta(days=7 - on.weekday() if on.weekday() >= 5 else 0)
    values = {"on": on, "begins_at": time(10 if of["open"] else 14), "place": place}
    meeting = meetings.plan(_found(of), values, by=by)
    for title, minutes in agenda:
        AGENDA.enter({"meeting": meeting, "title": title, "minutes_needed": minutes}, by=by)
    if of["open"]:
        meetings.give_notice(meeting, by=by)
    return meeting


def plan(staff: Staff, _partners: Partners, *, of: dict[str, Any], one: dict[str, Any]) -> None:
    meeting = _plan(staff, of, today() + timedelta(days=LATER), one["place"], one["agenda"])
    if reason := one.get("called_off"):
        meetings.call_off(meeting, reason=reason, by=staff[of["facilitator"]])


def hold(staff: Staff, partners: Partners, *, of: dict[str, Any], one: dict[str, Any]) -> None:
    by = staff[of["facilitator"]]
    meeting = _found(of).meetings.standing().filter(on__lte=today()).latest("on")
    how = {_partner(partners, key).pk: said for key, said in one["how"].items()}
    seats = meetings.seats_of(meeting)
    meetings.record_attendance(
        meeting, {seat.pk: (how.get(seat.partner_id, "there"), "") for seat in seats}, by=by
    )
    if "topics" in one:
        bring_up(meeting, list(seats), [(_partner(partners, key), *said) for key, *said in one["topics"]], by)
    decisions = [DECISIONS.enter({"meeting": meeting, "text": text}, by=by) for text in one["decisions"]]
    if "follow_up" in one:
        title, owner, due, _days, _words = one["follow_up"]
        asked = {"title": title, "said": "", "owner": staff[owner], "due_on": today() + timedelta(days=due)}
        meetings.follow_up(decisions[0], by=by, **asked)
    meetings.write_minutes(meeting, {"minutes": one["minutes"]}, by=by, seen=None)
    if not one.get("draft"):
        meetings.give_out(meeting, by=by)


def bring_up(
    meeting: CouncilMeeting, seats: list[Seat], said: list[tuple[Partner, str, str]], by: User
) -> None:
    """In a live session: each on a phone for their seat, and the first two become one."""
    session = live.open_session(meeting.pk, by=by)
    written = []
    for number, (partner, title, more) in enumerate(said):
        seat = next((each for each in seats if each.partner_id == partner.pk), None)
        phone, _raw = joining.join(session, seat=seat, guest="" if seat else str(partner))
        key = f"franklin-{meeting.pk}-{number}"
        written.append(topics.write(phone, title=title, said=more, key=key).pk)
    topics.merge(session.pk, [written[1]], into=written[0], by=by)
    live.take_up(session.pk, written[0], by=by)
    live.end(session.pk, by=by)


def answer(staff: Staff, _partners: Partners, *, of: dict[str, Any], one: dict[str, Any]) -> None:
    """What the council asked for is done, and it is told so."""
    title, owner, _due, _days, words = one["follow_up"]
    row = FollowUp.objects.get(kind=meetings.DECISION, title=title)
    ring.finish(row.pk, words=words, by=staff[owner])
    ring.tell(row.pk, how=How.IN_PERSON, to=of["name"], words=words, by=staff[of["facilitator"]])


def ahead(staff: Staff, _partners: Partners, *, of: dict[str, Any]) -> None:
    agenda = [["What you asked, and what we did", 30], ["What comes next", 45]]
    _plan(staff, of, today() + timedelta(days=40), "Capitol Annex, room 116", agenda)


def _story() -> Iterator[tuple[int, Make]]:
    for of in TEXTS:
        yield BEGUN, partial(begin, of=of)
        for one in of["meeting"]:
            yield one["day"] + AHEAD, partial(plan, of=of, one=one)
            if "called_off" not in one:
                yield one["day"], partial(hold, of=of, one=one)
            if "follow_up" in one:
                yield one["follow_up"][3], partial(answer, of=of, one=one)
        if of["key"] != "gis":
            yield 5, partial(ahead, of=of)
    yield 300, succeed


STORY = tuple(_story())
