"""Running a live session: opened, one topic at hand, a timer, hands and seats, handed on when its facilitator is gone, ended."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.councils.models import CouncilMeeting, LiveSession, Phone
from comity.councils.models.live import tell
from comity.people.models import User

OPEN, TAKE_OVER, END = "councils.open_session", "councils.take_over_session", "councils.end_session"
TAKE_UP, LOCK, RELEASE = "councils.take_up_topic", "councils.lock_session", "councils.release_seat"
LETTERS = "BCDFGHJKMNPQRTVWXY"  # none is taken for another, and no word comes of them
LONGEST_TIMER = timedelta(hours=3)


@transaction.atomic
def open_session(meeting_id: int, *, by: User) -> LiveSession:
    """Begin a live session of a meeting, with a code of its own. Raises DomainError."""
    meeting = CouncilMeeting.objects.select_for_update().get(pk=meeting_id)
    if meeting.called_off_at:
        raise DomainError(_("This meeting was called off."))
    if meeting.minutes_at:
        raise DomainError(_("The minutes of this meeting have been given out."))
    if meeting.sessions.going_on().exists():
        raise DomainError(_("A session of this meeting is going on already."))
    code = "".join(secrets.choice(LETTERS) for _each in range(6))
    now = timezone.now()
    made = LiveSession.objects.create(meeting=meeting, code=code, facilitator=by, seen_at=now)
    audit.record(by=by, action=OPEN, target=made)
    return made


def running(session_id: int, by: User) -> LiveSession:
    """The session, locked, for whoever runs it. Raises DomainError for others, and when it has ended."""
    found = LiveSession.objects.select_for_update(of=("self",)).select_related("at_hand", "facilitator")
    session = found.get(pk=session_id)
    if session.ended_at:
        raise DomainError(_("This session has ended."))
    if session.facilitator_id != by.pk:
        raise DomainError(_("%(name)s runs this session.") % {"name": session.facilitator})
    session.seen_at = timezone.now()
    session.save(update_fields=["seen_at"])
    return session


@transaction.atomic
def stay(session_id: int, *, by: User) -> None:
    """The facilitator’s screen is still there. Raises DomainError."""
    running(session_id, by)


def _change(session_id: int, by: User, action: str = "", **facts: Any) -> LiveSession:
    session = running(session_id, by)
    for name, value in facts.items():
        setattr(session, name, value)
    session.save(update_fields=list(facts))
    if action:
        after = {name: value if isinstance(value, bool) else str(value) for name, value in facts.items()}
        audit.record(by=by, action=action, target=session, after=after)
    tell(session, state=session.shown())
    return session


@transaction.atomic
def take_up(session_id: int, topic_id: int | None, *, by: User) -> LiveSession:
    """Let a topic be the one at hand; none, without one. Its timer begins anew when it is started. Raises DomainError."""
    topic = None
    if topic_id is not None:
        session = running(session_id, by)
        topic = session.meeting.topics.standing().filter(pk=topic_id).first()
        if topic is None:
            raise DomainError(_("This topic is not in the list anymore."))
    return _change(session_id, by, TAKE_UP, at_hand=topic, timer_until=None)


@transaction.atomic
def set_timer(session_id: int, minutes: int, *, more: bool = False, by: User) -> LiveSession:
    """Give the topic at hand so many minutes from now, or so many more; 0 stops it. Raises DomainError."""
    session, now = running(session_id, by), timezone.now()
    if not 0 <= minutes <= 120:
        raise DomainError(_("Give it between 1 and 120 minutes."))
    begin = max(now, session.timer_until or now) if more else now
    until = min(begin + timedelta(minutes=minutes), now + LONGEST_TIMER) if minutes else None
    return _change(session_id, by, timer_until=until)


@transaction.atomic
def lock(session_id: int, *, locked: bool, by: User) -> LiveSession:
    """Let nobody write for now, or everybody again. Raises DomainError."""
    return _change(session_id, by, LOCK, locked=locked)


@transaction.atomic
def lower(session_id: int, phone_id: int, *, by: User) -> None:
    """Whoever raised this hand had their turn. Raises DomainError."""
    session = running(session_id, by)
    session.phones.filter(pk=phone_id).update(hand_at=None)
    tell(session, hands=session.phones.raised().count())


@transaction.atomic
def release(session_id: int, phone_id: int, *, by: User) -> Phone:
    """Take a seat from the phone that has it, so that another can join for it. Raises DomainError."""
    session = running(session_id, by)
    phone = session.phones.standing().filter(pk=phone_id).first()
    if phone is None:
        raise DomainError(_("This seat is free already."))
    phone.released_at, phone.hand_at = timezone.now(), None
    phone.save(update_fields=["released_at", "hand_at"])
    audit.record(by=by, action=RELEASE, target=session, after={"phone": str(phone)})
    tell(session, hands=session.phones.raised().count())
    return phone


@transaction.atomic
def take_over(session_id: int, *, by: User) -> LiveSession:
    """Run a session whose facilitator is gone. Raises DomainError while they are there."""
    session = LiveSession.objects.select_for_update(of=("self",)).get(pk=session_id)
    now = timezone.now()
    if session.facilitator_id != by.pk and not session.ended_at:
        if not session.gone_since(now):
            raise DomainError(
                _("%(name)s is still here and runs this session.") % {"name": session.facilitator}
            )
        session.facilitator, session.seen_at = by, now
        session.save(update_fields=["facilitator", "seen_at"])
        audit.record(by=by, action=TAKE_OVER, target=session)
    return session


@transaction.atomic
def end(session_id: int, *, by: User) -> LiveSession:
    """End it: its code is forgotten, its topics stand with the council. Raises DomainError."""
    facts: dict[str, Any] = {
        "ended_at": timezone.now(),
        "code": "",
        "locked": True,
        "at_hand": None,
        "timer_until": None,
    }
    session = _change(session_id, by, **facts)
    session.events.exclude(pk=session.events.order_by("-pk").values("pk")[:1]).delete()
    audit.record(
        by=by, action=END, target=session, after={"topics": session.meeting.topics.standing().count()}
    )
    return session
