"""The pages whose speed the design bounds."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count
from django.urls import reverse

from comity.demo.bench.measuring import Bound, Measured, page
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.models import User

LIST = Bound(queries=8, cpu_ms=60, kilobytes=80)
GLANCE = Bound(queries=20, cpu_ms=100)
TYPE_AHEAD = Bound(queries=3, cpu_ms=25)
PAGE = Bound(queries=20, cpu_ms=100)
LOOP = Bound(queries=20, cpu_ms=200)  # it counts every low rating anew


def measure_pages() -> bool:
    """Print a line for each page; whether all are within their bounds."""
    found = list(_pages())
    print(f"{'page':<46}{'queries':>9}{'CPU ms':>9}{'kB':>7}")
    for row in found:
        mark = "" if row.kept else "   over its bound"
        print(f"{row.what:<46}{row.queries:>9}{row.cpu_ms:>9.1f}{row.kilobytes:>7.0f}{mark}")
    return all(row.kept for row in found)


def _month() -> str:
    """What the ring's figure of those that helped, three months ago, links to."""
    last = today().replace(day=1) - timedelta(days=60)
    return f"figure=helped&heard_from={last.replace(day=1)}&heard_to={last.replace(day=28)}"


def _pages() -> list[Measured]:
    chief, contact = User.objects.order_by("pk")[0], User.objects.order_by("pk")[10]
    busiest = Partner.objects.annotate(said=Count("follow_ups")).order_by("-said")[0]
    partners, follow_ups = reverse("partners:list"), reverse("followups:list")
    return [
        page("partners, filtered and sorted", contact, f"{partners}?kind=county&sort=-last_met_on", LIST),
        page("partners, found by a word", contact, f"{partners}?q=mill", LIST),
        page("follow-ups, all, by day", contact, f"{follow_ups}?view=all", LIST),
        page("follow-ups, told without an answer", contact, f"{follow_ups}?view=unanswered", LIST),
        page("follow-ups, all, by their line", contact, f"{follow_ups}?view=all&sort=title", LIST),
        page("follow-ups, what a figure opens", contact, f"{follow_ups}?view=all&{_month()}", LIST),
        page("follow-ups, found by a common word", contact, f"{follow_ups}?view=all&q=network", LIST),
        page("follow-ups as a board, all", contact, f"{reverse('followups:board')}?view=all", PAGE),
        page("figures of the ring", contact, reverse("followups:figures"), PAGE),
        page("meetings", contact, reverse("meetings:list"), LIST),
        page("visits to come", contact, f"{reverse('meetings:planned_visits')}?state=planned", LIST),
        page("what became of low ratings", chief, reverse("surveys:loop"), LOOP),
        page("people", contact, reverse("partners:people"), LIST),
        page("a partner at a glance", contact, busiest.get_absolute_url(), GLANCE),
        page("type-ahead", contact, f"{reverse('find')}?q=mil", TYPE_AHEAD, Accept="application/json"),
        page("today", contact, reverse("home"), PAGE),
        page("coverage", chief, reverse("coverage"), PAGE),
        page("the CIO's page", chief, reverse("overview"), PAGE),
    ]
