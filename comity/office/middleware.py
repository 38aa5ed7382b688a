"""What is settled before any page: the office's settings are read once, and language and time are the reader's."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from comity.office import services
from comity.office.memory import remembering

Next = Callable[[HttpRequest], HttpResponseBase]


class ReadSettingsOnce:
    """The office's settings are read once a request, when first needed."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with remembering():
            return self.get_response(request)


class ReadersOwn:
    """Times in the reader's time zone, words in their language; until they sign in the office's and the browser's."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        offered = services.languages()
        if user.is_authenticated and user.language in offered:
            translation.activate(user.language)
        elif translation.get_language() not in offered:
            translation.activate(offered[0])
        request.LANGUAGE_CODE = translation.get_language() or offered[0]
        zone = services.time_zone()
        with timezone.override(user.zone(zone.key) if user.is_authenticated else zone):
            return self.get_response(request)
