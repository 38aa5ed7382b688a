"""How a page is measured: processor time of this process, queries, bytes; the median of several times."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from time import process_time

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comity.people.models import User
from comity.people.services.sessions import BEGAN, SEEN

TIMES = 9


@dataclass(frozen=True)
class Bound:
    """What the design allows a page."""

    queries: int | None = None
    cpu_ms: float | None = None
    kilobytes: float | None = None


@dataclass(frozen=True)
class Measured:
    """What a page took."""

    what: str
    queries: int
    cpu_ms: float
    kilobytes: float
    bound: Bound

    @property
    def kept(self) -> bool:
        """Whether everything that has a bound is within it."""
        pairs = [
            (self.queries, self.bound.queries),
            (self.cpu_ms, self.bound.cpu_ms),
            (self.kilobytes, self.bound.kilobytes),
        ]
        return all(most is None or found <= most for found, most in pairs)


def page(what: str, user: User, path: str, bound: Bound, **headers: str) -> Measured:
    """Ask for a page as someone signed in; once to warm up, then several times.

    Raises RuntimeError if it does not answer 200: a page that fails is not a fast page.
    """
    client = _signed_in(user, headers)
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}.")
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    queries = len(captured)  # counted now: the next request empties the log
    took = []
    for _ in range(TIMES):
        began = process_time()
        client.get(path)
        took.append((process_time() - began) * 1000)
    return Measured(what, queries, median(took), len(answer.content) / 1000, bound)


def _signed_in(user: User, headers: dict[str, str]) -> Client:
    """A browser with a session as sign-in makes it, that asks for this installation by its name."""
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0].lstrip("."), **headers})
    client.force_login(user)
    session = client.session
    session[BEGAN] = session[SEEN] = int(time.time())
    session.save()
    return client
