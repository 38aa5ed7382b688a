"""What is done rarely, and by few: one page that says what is to be found where."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from comity.nouns import Area, Place
from comity.people.access import Request, requires
from comity.people.models import User
from comity.site.capabilities import MANAGE
from comity.site.navigation import places_of


def kept_by(user: User) -> list[Place]:
    """The places of the area this person may go to, except the page itself."""
    return [
        place
        for place in places_of(user)
        if place.area is Area.MANAGE and not place.under and place.to is not MANAGE
    ]


@requires(MANAGE)
@require_safe
def page(request: Request) -> HttpResponse:
    leads_to = [(place, reverse(place.url_name)) for place in kept_by(request.user)]
    return render(request, "site/manage.html", {"leads_to": leads_to})
