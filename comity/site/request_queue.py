"""So many requests at once, and the others wait their turn."""

from __future__ import annotations

from collections.abc import Callable
from threading import Semaphore

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class TakeTurns:
    """A crowd is served in its order, a few at a time, instead of all of it slowly.

    Whoever is worked on holds a connection to the database and a share of the processor: two hundred at once would run out
    of the one and only get in each other's way at the other. What arrives is read before this, and what leaves is sent
    after it, so nobody with a slow line holds up the rest.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.turns = Semaphore(settings.REQUESTS_AT_ONCE)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with self.turns:
            return self.get_response(request)
