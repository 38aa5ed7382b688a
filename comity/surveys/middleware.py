"""Whoever answers a survey is nobody to this site, even with a session open in the same browser."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

ANSWERS = "/answer/"


class AnswerAsNobody:
    """Stands before the session: on a page of answers it is not read, and the time of its last use stays as it was.

    Otherwise the session of somebody signed in would say when they looked at an anonymous survey.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(ANSWERS):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)
