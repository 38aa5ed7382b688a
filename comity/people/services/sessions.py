"""Sessions: which there are, and their end."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.db.models import F

from comity.audit import services as audit
from comity.people.models import User

END_SESSIONS = "people.end_sessions"


@transaction.atomic
def end_sessions(user: User, *, by: User | str, reason: str = "") -> int:
    """Sign someone out everywhere, on every machine, with their next click; how many sessions were listed.

    A caller who wants to keep its own session renews it afterwards (`update_session_auth_hash`).
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
