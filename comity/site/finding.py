"""Finding anything one may see: the palette asks for JSON, a browser without scripts gets a page."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from comity.people.access import Request, signed_in
from comity.search import Hit, find

LONGEST = 200
PALETTE, PAGE = 6, 25


@signed_in
def page(request: Request) -> HttpResponse:
    text = request.GET.get("q", "")[:LONGEST]
    response: HttpResponse
    if request.headers.get("Accept", "").startswith("application/json"):
        response = JsonResponse(
            {"groups": [_as_json(*group) for group in _grouped(find(request.user, text, PALETTE))]}
        )
    else:
        groups = _grouped(find(request.user, text, PAGE))
        response = render(request, "site/find.html", {"text": text, "groups": groups, "page": PAGE})
    patch_vary_headers(response, ["Accept"])
    return response


def _grouped(hits: list[Hit]) -> list[tuple[str, list[Hit]]]:
    return [(label, list(rows)) for label, rows in groupby(hits, key=attrgetter("group"))]


def _as_json(label: str, hits: list[Hit]) -> dict[str, object]:
    return {"label": label, "items": [{"label": hit.title, "hint": hit.hint, "url": hit.url} for hit in hits]}
