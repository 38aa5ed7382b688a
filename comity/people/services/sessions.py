"""Sessions: their beginning, their renewal, their end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.usersessions.models import UserSession
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from comity.audit import services as audit
from comity.people.models import User

END_SESSIONS = "people.end_sessions"

BEGAN, SEEN = "began_at", "seen_at"  # moments, in seconds, in the session itself
JUST_NOW = 5 * 60


def sign_in(request: HttpRequest, user: User) -> None:
    """Sign someone in who has just proved by a link and a new password who they are."""
    login(request, user)
    begin_session(request)
    UserSession.objects.create_from_request(request)


def begin_session(request: HttpRequest) -> None:
    """Note when someone signed in; from then on the session's limits run."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def note_seen(request: HttpRequest, now: int) -> None:
    """Note that someone is there, unless somebody is writing just now: nobody waits to read a page, the next one does it."""
    before = request.session[SEEN]
    request.session[SEEN] = now
    try:
        with _not_waiting():
            request.session.save()
            UserSession.objects.filter(session_key=request.session.session_key).update(
                last_seen_at=timezone.now()
            )
    except (OperationalError, UpdateError):
        request.session[SEEN] = before
    request.session.modified = False


@contextmanager
def _not_waiting() -> Iterator[None]:
    """On SQLite whoever writes waits for the writer before, in here not."""
    if connection.vendor != "sqlite":
        yield
        return
    patience = int(connection.settings_dict["OPTIONS"]["timeout"] * 1000)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")


def has_just_signed_in(request: HttpRequest) -> bool:
    """Whether this session is so young that its owner need not prove again who they are."""
    return time.time() - float(request.session.get(BEGAN, 0)) < JUST_NOW


def renew_session(request: HttpRequest) -> None:
    """Give the session a new key, as each time its owner has proved who they are; the old one stops working."""
    old = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def keep_this_session(request: HttpRequest, user: User) -> None:
    """After all sessions were ended, let the one in which that was asked go on, under a new key."""
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


@transaction.atomic
def end_sessions(user: User, *, by: User | str, reason: str = "") -> int:
    """Sign someone out everywhere, on every machine, with their next click; how many sessions were listed.

    A caller who wants to keep its own session says so afterwards (`keep_this_session`).
    """
    ended = drop_sessions(user)
    audit.record(by=by, action=END_SESSIONS, target=user, after={"sessions": ended, "reason": reason})
    return ended


def drop_sessions(user: User) -> int:
    """End all sessions without a word in the trail, for acts that are written there under their own name."""
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])
    listed = list(UserSession.objects.filter(user=user))
    for session in listed:
        SessionStore(session.session_key).delete()
    UserSession.objects.filter(pk__in=[session.pk for session in listed]).delete()
    return len(listed)
