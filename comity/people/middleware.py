"""What is asked of every request before its page: is this session still good, is anyone signed in, and well enough?"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from comity.access import audience_of
from comity.people.models import User
from comity.people.roles import Role
from comity.people.services.sessions import BEGAN, SEEN, note_seen
from comity.people.sign_in.factors import factors_of, is_required_of

A_MINUTE = 60
HAS_FACTOR = "has_second_factor"

Next = Callable[[HttpRequest], HttpResponseBase]


class EndOldSessions:
    """A session ends when nothing was asked in it for a while, and at the latest after a working day."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = int(time.time())
            began = int(request.session.setdefault(BEGAN, now))
            seen = int(request.session.setdefault(SEEN, now))
            if now - seen > settings.IDLE_MINUTES * A_MINUTE or now - began > settings.SESSION_LONGEST:
                logout(request)
            elif now - seen >= A_MINUTE:
                note_seen(request, now)  # once a minute is near enough, and spares a write with every page
        return self.get_response(request)


class KeepFromCaches:
    """What is shown to somebody signed in is for nobody else, and is not read from the machine after they have left."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        signed_in = request.user.is_authenticated
        answer = self.get_response(request)
        if signed_in and "Cache-Control" not in answer:
            answer["Cache-Control"] = "private, no-store"
        return answer


class SignInFirst(LoginRequiredMiddleware):
    """Every page needs a signed-in person unless its view says otherwise; afterwards one is where one was."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        # An empty install still waits for its first administrator.
        if not User.objects.with_role(Role.ADMINISTRATOR).exists():
            answer = redirect(settings.SET_UP_URL)
        else:
            answer = redirect_to_login(_where_one_was(request), settings.LOGIN_URL)
        return _of_the_window(request, answer)


def _of_the_window(request: HttpRequest, to: HttpResponse) -> HttpResponseBase:
    """htmx would put the page it leads to into a corner of this one; the whole window has to go there."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(to["Location"])
    return to


def _where_one_was(request: HttpRequest) -> str:
    """The page to come back to: this one, or for a form or a fragment the page it was on, where its draft waits."""
    if request.method == "GET" and request.headers.get("HX-Request") != "true":
        return request.get_full_path()
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class SecondFactorFirst:
    """Where a second factor is required, someone without one is led to set it up, and nowhere else."""

    # Where one may go without: setting it up, proving who one is, the language, leaving.
    OPEN = frozenset({"account_logout", "account_reauthenticate", "people:stay", "set_language", "ui:theme"})

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        user = request.user
        if not isinstance(user, User) or not is_required_of(user) or _may_pass(request, user):
            return None
        return _of_the_window(request, redirect("mfa_index"))


def _may_pass(request: HttpRequest, user: User) -> bool:
    match = request.resolver_match
    name = match.view_name if match else ""
    audience = audience_of(match.func) if match else None
    if name in SecondFactorFirst.OPEN or name.startswith("mfa_") or (audience and audience.kind == "public"):
        return True
    if not request.session.get(HAS_FACTOR):
        # Asked once a session: the last one cannot be removed where one is required.
        if not factors_of(user).exists():
            return False
        request.session[HAS_FACTOR] = True
    return True
