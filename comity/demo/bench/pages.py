"""The pages whose speed the design bounds, and the work that comes round by the clock.

A page is measured in processor time of this process, queries and bytes: the median of several times.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from time import monotonic, process_time

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comity.jobs.registry import recurring
from comity.office.services import today
from comity.partners.models import Partner
from comity.patterns.services.comparing import newest
from comity.people.models import User
from comity.people.services.sessions import BEGAN, SEEN
from comity.tickets.models import Ticket

TIMES = 9
MOST_SECONDS = {"patterns.regroup": 20}  # for work that comes round; a minute for what is not named


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


LIST = Bound(queries=8, cpu_ms=60, kilobytes=80)
GLANCE = Bound(queries=20, cpu_ms=100)
TYPE_AHEAD = Bound(queries=3, cpu_ms=25)
PAGE = Bound(queries=20, cpu_ms=100)
# A first page: twelve questions, and half of the time it took while it put each of its questions together anew.
TODAY, TODAY_OF_ALL = Bound(queries=12, cpu_ms=29), Bound(queries=12, cpu_ms=77)
MAP = Bound(queries=10, cpu_ms=60, kilobytes=150)
LOOP = Bound(queries=20, cpu_ms=200)  # it counts every low rating anew


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


def measure_pages() -> bool:
    """Print a line for each page; whether all are within their bounds."""
    return printed(_pages())


def printed(found: list[Measured]) -> bool:
    """Print a line for each; whether all are within their bounds."""
    print(f"{'page':<46}{'queries':>9}{'CPU ms':>9}{'kB':>7}")
    for row in found:
        mark = "" if row.kept else "   over its bound"
        print(f"{row.what:<46}{row.queries:>9}{row.cpu_ms:>9.1f}{row.kilobytes:>7.0f}{mark}")
    return all(row.kept for row in found)


def _pages() -> list[Measured]:
    chief, contact = User.objects.order_by("pk")[0], User.objects.order_by("pk")[10]
    busiest = Partner.objects.annotate(said=Count("follow_ups")).order_by("-said")[0]
    heard = newest().values_list("pk", flat=True).order_by("-heard_at")[0]
    partners, follow_ups, tickets = (reverse(f"{room}:list") for room in ("partners", "followups", "tickets"))
    desk = Ticket.objects.order_by("pk").values_list("service", flat=True)[0]
    last = today().replace(day=1) - timedelta(days=60)  # a month that a figure of the ring links to
    helped = f"figure=helped&heard_from={last.replace(day=1)}&heard_to={last.replace(day=28)}"
    return [
        page("partners, filtered and sorted", contact, f"{partners}?kind=county&sort=-last_met_on", LIST),
        page("partners, found by a word", contact, f"{partners}?q=mill", LIST),
        page("follow-ups, all, by day", contact, f"{follow_ups}?view=all", LIST),
        page("follow-ups, told without an answer", contact, f"{follow_ups}?view=unanswered", LIST),
        page("follow-ups, all, by their line", contact, f"{follow_ups}?view=all&sort=title", LIST),
        page("follow-ups, what a figure opens", contact, f"{follow_ups}?view=all&{helped}", LIST),
        page("follow-ups, found by a common word", contact, f"{follow_ups}?view=all&q=network", LIST),
        page("follow-ups as a board, all", contact, f"{reverse('followups:board')}?view=all", PAGE),
        page("figures of the ring", contact, reverse("followups:figures"), PAGE),
        page("health of partners, by score", contact, reverse("health:list"), LIST),
        page("health of one partner", contact, reverse("health:partner", args=[busiest.pk]), PAGE),
        page(
            "the same elsewhere, of 5,000 items", contact, reverse("patterns:elsewhere", args=[heard]), PAGE
        ),
        page("patterns", contact, reverse("patterns:list"), LIST),
        page("meetings", contact, reverse("meetings:list"), LIST),
        page("visits to come", contact, f"{reverse('meetings:planned_visits')}?state=planned", LIST),
        page("what became of low ratings", chief, reverse("surveys:loop"), LOOP),
        page("the map of 254 counties, of five services", contact, reverse("adoption:counties"), MAP),
        page("tickets, all, newest first", contact, tickets, LIST),
        page("tickets, open, oldest first", contact, f"{tickets}?open=1&sort=opened_at", LIST),
        page("tickets, nobody's, on hold", contact, f"{tickets}?partner=-&state=on_hold", LIST),
        page("tickets, new, of a priority", contact, f"{tickets}?service={desk}&priority=2&state=new", LIST),
        page("tickets of a partner", contact, f"{tickets}?partner={busiest.pk}", LIST),
        page("tickets of a kind and a state", contact, f"{tickets}?kind=incident&state=resolved", LIST),
        page("people", contact, reverse("partners:people"), LIST),
        page("a partner at a glance", contact, busiest.get_absolute_url(), GLANCE),
        page("type-ahead", contact, f"{reverse('find')}?q=mil", TYPE_AHEAD, Accept="application/json"),
        page("today", contact, reverse("home"), TODAY),
        page("today, of who answers for all", chief, reverse("home"), TODAY_OF_ALL),
        page("coverage", chief, reverse("coverage"), PAGE),
        page("the CIO's page", chief, reverse("overview"), PAGE),
    ]


def measure_jobs() -> bool:
    """Run each recurring job once; whether all were quick enough."""
    print(f"\n{'recurring work':<46}{'seconds':>9}")
    kept = True
    for work in recurring():
        began = monotonic()
        work.function()
        took, most = monotonic() - began, MOST_SECONDS.get(work.key, 60)
        kept = kept and took < most
        print(f"{work.key:<46}{took:>9.1f}{'' if took < most else '   over its bound'}")
    return kept
