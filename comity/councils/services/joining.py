"""Joining a live session from a phone: the code on the wall, a seat of the member list or a guest’s name, and a hand.

A phone is known by a random token in a cookie that no script reads; kept is its hash.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.councils.models import CouncilMeeting, LiveSession, Phone, Seat
from comity.councils.models.live import tell
from comity.people import tokens
from comity.people.throttle import Limit

JOIN = "councils.join_session"
COOKIE = "council-phone"
LASTS = timedelta(hours=12)
MOST_GUESTS = 500  # of a session; whoever has a seat always gets in
MISSES = Limit("live.code", 100, 600)  # a whole room may come from one address, and mistypes


def session_of(code: str, address: str) -> LiveSession:
    """The session with this code on its wall. Raises DomainError; each wrong code of an address is counted."""
    if MISSES.is_used_up(address):
        raise DomainError(_("Too many wrong codes came from here. Wait ten minutes, then try again."), "code")
    code = "".join(code.split()).upper()
    running = LiveSession.objects.going_on().select_related("meeting__council")
    found = running.filter(code=code).first() if code else None
    if found is None:
        MISSES.hit(address)
        raise DomainError(_("No session has this code. Look at the wall again."), "code")
    return found


def seats_of(session: LiveSession) -> QuerySet[Seat]:
    """The seats one can join for; `taken` where a phone has it."""
    phones = Phone.objects.standing().filter(session=session, seat=OuterRef("pk"))
    seats = session.meeting.council.seats.on(session.meeting.on).filled().select_related("person", "partner")
    return seats.annotate(taken=Exists(phones))


@transaction.atomic
def join(session: LiveSession, *, seat: Seat | None = None, guest: str = "") -> tuple[Phone, str]:
    """Let a phone in, for a seat or as a guest; it, and its token. Raises DomainError."""
    guest = " ".join(guest.split())
    if (seat is None) == (not guest):
        raise DomainError(_("Choose your seat, or give your name as a guest."))
    if guest and session.phones.filter(seat=None).count() >= MOST_GUESTS:
        raise DomainError(_("No more guests can join. Tell the facilitator."))
    raw, token_hash = tokens.new_token()
    try:
        with transaction.atomic():
            phone = Phone.objects.create(session=session, seat=seat, guest=guest[:100], token_hash=token_hash)
    except IntegrityError:
        raise DomainError(
            _("Another phone has joined for this seat. The facilitator can release it."), "seat"
        ) from None
    audit.record(by=str(phone), action=JOIN, target=session)
    tell(session)
    return phone, raw


def remember(answer: HttpResponse, raw: str) -> None:
    """Give a phone its token."""
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_cookie(COOKIE, raw, max_age=LASTS, httponly=True, samesite="Lax", secure=secure)


def phone_of(request: HttpRequest) -> Phone | None:
    """The phone that asks, with its seat and its session; None when it never joined, or was released."""
    raw = request.COOKIES.get(COOKIE)
    if not raw:
        return None
    phones = Phone.objects.standing().filter(joined_at__gt=timezone.now() - LASTS)
    beside = ("session__meeting__council", "session__at_hand", "seat__person", "seat__partner")
    return phones.select_related(*beside).filter(token_hash=tokens.hash_token(raw)).first()


def seat_of(request: HttpRequest, meeting: CouncilMeeting) -> Seat | None:
    """Which seat the phone that asks holds in a meeting; None for guests, and for whoever did not join."""
    phone = phone_of(request)
    return phone.seat if phone and phone.session.meeting_id == meeting.pk else None


@transaction.atomic
def raise_hand(phone: Phone, *, up: bool) -> None:
    """Raise this hand, or take it down. Raises DomainError."""
    if phone.session.ended_at:
        raise DomainError(_("The session has ended."))
    if up != (phone.hand_at is not None):
        Phone.objects.filter(pk=phone.pk).update(hand_at=timezone.now() if up else None)
        tell(phone.session, hands=phone.session.phones.raised().count())
