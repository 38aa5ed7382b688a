"""Links that stand for a person without a sign-in: unguessable, kept as a hash, tried only so often.

A page behind such a link gives one and the same answer for a link that expired, was used, was cut short or was made up,
and counts each of those, so that nobody can learn anything by trying:

    invitation = tokens.find(request, "invitation", Invitation.objects.open(), raw)
    if invitation is None:
        return tokens.refuse(request, "invitation")
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TypeVar

from django.db.models import Exists, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comity.people.throttle import Limit

Row = TypeVar("Row", bound=Model)

BITS = 192
TRIES, WITHIN_SECONDS = 20, 600


def new_token() -> tuple[str, str]:
    """A new token: as it goes into the link, and the hash to keep. The first is never stored."""
    raw = secrets.token_urlsafe(BITS // 8)
    return raw, hash_token(raw)


def hash_token(raw: str) -> str:
    """What is kept of a token. The token is random and long, so a plain SHA-256 cannot be turned back."""
    return hashlib.sha256(raw.encode()).hexdigest()


def _misses(scope: str, limit: int) -> Limit:
    return Limit(f"link.{scope}", limit, WITHIN_SECONDS)


def find(
    request: HttpRequest, scope: str, rows: QuerySet[Row], raw: str, *, limit: int = TRIES
) -> Row | None:
    """The row whose `token_hash` is that of `raw`, or None; a miss is counted. One query for a right link.

    limit  misses from one address before it has to wait; more where a whole office opens links from one address

    Whoever missed too often gets None for a right link too, so that a late hit is no hint.
    """
    misses, address = _misses(scope, limit), client_address(request)
    waits = misses.waiting(address)
    found = rows.filter(token_hash=hash_token(raw)).annotate(has_to_wait=Exists(waits)).first()
    if found is None:
        if not waits.exists():
            misses.hit(address)
        return None
    return None if vars(found)["has_to_wait"] else found


def refuse(request: HttpRequest, scope: str, *, limit: int = TRIES, hint: str = "") -> HttpResponse:
    """The one answer to a link that leads nowhere, for whatever reason: 404, and 429 after too many.

    hint  how long links of this scope work, and where to look, if they work more than once
    """
    waits = _misses(scope, limit).is_used_up(client_address(request))
    context = {"waits": waits, "hint": hint}
    return render(request, "people/dead_link.html", context, status=429 if waits else 404)


def refuse_guess(request: HttpRequest) -> HttpResponse:
    """The same answer for a link that is signed instead of kept: wrong it is a guess, and counted as one."""
    _misses("signed", TRIES).hit(client_address(request))
    return refuse(request, "signed")


def client_address(request: HttpRequest) -> str:
    """The address a request comes from, as the server in front tells it (see COMITY_PROXY)."""
    return str(request.META.get("REMOTE_ADDR", ""))
