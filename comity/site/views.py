"""Pages that belong to no room: finding anything, help, what is done rarely, and what a monitor asks for."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from operator import attrgetter

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.core.ring import Ring
from comity.nouns import Area
from comity.people.access import Request, public, requires, signed_in
from comity.people.models import User
from comity.search import find
from comity.site.capabilities import MANAGE
from comity.site.navigation import places_of
from comity.site.palette import Offer, acts_named, acts_of, acts_with, begun, places_named

LONGEST = 200
PALETTE, PAGE = 6, 25

Groups = list[tuple[str, list[Offer]]]


@require_safe
@public("A monitor asks whether the site is up; it learns nothing else.")
def health(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@signed_in("GET")
def find_anything(request: Request) -> HttpResponse:
    """What one may see or do, by its words: the palette asks for JSON, a browser without scripts gets a page."""
    text = request.GET.get("q", "")[:LONGEST]
    response: HttpResponse
    if request.headers.get("Accept", "").startswith("application/json"):
        groups = _found(request.user, text, PALETTE, at=request.GET.get("at", "")[:LONGEST])
        said = [{"label": label, "items": [asdict(offer) for offer in offers]} for label, offers in groups]
        response = JsonResponse({"groups": said})
    else:
        groups = _found(request.user, text, PAGE) if text.strip() else []
        response = render(request, "site/find.html", {"text": text, "groups": groups, "page": PAGE})
    patch_vary_headers(response, ["Accept"])
    return response


def _found(user: User, text: str, most: int, *, at: str = "") -> Groups:
    """What can be done, where one can go, and what is found; `at` is the page the palette was opened on."""
    acts = acts_of(user)
    about = begun(acts, text, at)
    besides = list(dict.fromkeys(wanted for _act, wanted in about))
    hits = find(user, text, most, besides=besides)
    everywhere = [hit for hit in hits if hit.wanted not in besides]
    here = {hit.wanted for hit in hits if hit.wanted.key is not None}
    others = [act for act in acts if not any(act is one and wanted in here for one, wanted in about)]
    groups: Groups = [
        (_("Do"), [*acts_with(about, hits), *acts_named(others, text)]),
        (_("Go to"), places_named(user, text)[:most]),
    ]
    for label, rows in groupby(everywhere, key=attrgetter("group")):
        groups.append((label, [Offer(hit.title, hit.hint, hit.url) for hit in rows]))
    return [(label, offers) for label, offers in groups if offers]


@signed_in("GET")
def help_page(request: Request) -> HttpResponse:
    """What the ring means, and how to get about."""
    ring = [
        (Ring("on", "now", "off", "off", _("Heard")), _("Someone wrote it down. Nobody owns it yet.")),
        (
            Ring("on", "on", "now", "off", _("Owned")),
            _("A named person is looking after it and has promised a day."),
        ),
        (
            Ring("on", "on", "bad", "off", _("Late")),
            _("The promised day has passed. The owner and their supervisor know."),
        ),
        (
            Ring("on", "on", "on", "now", _("Done")),
            _("It is done. The person who said it has not been told yet."),
        ),
        (
            Ring("on", "on", "on", "on", _("Told")),
            _(
                "The person who said it was told what came of it, and asked whether it helped. “No” reopens it."
            ),
        ),
    ]
    return render(request, "site/help.html", {"ring": ring})


@requires(MANAGE, "GET")
def manage(request: Request) -> HttpResponse:
    """What is done rarely, and by few: where this person may go in the area, and what is to be found there."""
    leads_to = [
        (place, reverse(place.url_name))
        for place in places_of(request.user)
        if place.area is Area.MANAGE and not place.under and place.to is not MANAGE
    ]
    return render(request, "site/manage.html", {"leads_to": leads_to})
