"""The pages whose speed the design bounds."""

from __future__ import annotations

from django.db.models import Count
from django.urls import reverse

from comity.demo.bench.measuring import Bound, Measured, page
from comity.partners.models import Partner
from comity.people.models import User

LIST = Bound(queries=8, cpu_ms=60, kilobytes=80)
GLANCE = Bound(queries=20, cpu_ms=100)
TYPE_AHEAD = Bound(queries=3, cpu_ms=25)
PAGE = Bound(queries=20, cpu_ms=100)


def measure_pages() -> bool:
    """Print a line for each page; whether all are within their bounds."""
    found = list(_pages())
    print(f"{'page':<46}{'queries':>9}{'CPU ms':>9}{'kB':>7}")
    for row in found:
        mark = "" if row.kept else "   over its bound"
        print(f"{row.what:<46}{row.queries:>9}{row.cpu_ms:>9.1f}{row.kilobytes:>7.0f}{mark}")
    return all(row.kept for row in found)


def _pages() -> list[Measured]:
    chief, contact = User.objects.order_by("pk")[0], User.objects.order_by("pk")[10]
    busiest = Partner.objects.annotate(said=Count("follow_ups")).order_by("-said")[0]
    partners, follow_ups = reverse("partners:list"), reverse("followups:list")
    return [
        page("partners, filtered and sorted", contact, f"{partners}?kind=county&sort=-last_met_on", LIST),
        page("partners, found by a word", contact, f"{partners}?q=mill", LIST),
        page("follow-ups, all, by day", contact, f"{follow_ups}?view=all", LIST),
        page("people", contact, reverse("partners:people"), LIST),
        page("a partner at a glance", contact, busiest.get_absolute_url(), GLANCE),
        page("type-ahead", contact, f"{reverse('find')}?q=mil", TYPE_AHEAD, Accept="application/json"),
        page("today", contact, reverse("home"), PAGE),
        page("coverage", chief, reverse("coverage"), PAGE),
        page("the CIO's page", chief, reverse("whole"), PAGE),
    ]
