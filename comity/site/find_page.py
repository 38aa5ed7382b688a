"""Finding anything one may see or do: the palette asks for JSON, a browser without scripts gets a page."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from operator import attrgetter

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.people.access import Request, signed_in
from comity.people.models import User
from comity.search import find
from comity.site.palette import Offer, acts_named, acts_of, acts_with, begun, places_named

LONGEST = 200
PALETTE, PAGE = 6, 25

Groups = list[tuple[str, list[Offer]]]


@signed_in
@require_safe
def page(request: Request) -> HttpResponse:
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
