"""Where one can go from anywhere: areas in the header, and the places of the area one is in.

A room says in its `nouns.py` which places it has. Everybody sees those they may open, and the areas that hold one.
No row is asked for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.nouns import Area, Place, Words, all_of
from comity.office.services import words
from comity.people.models import User

# Each area's name, and the letter that goes to it after a `g`. That of the partners is the office's own word.
AREAS: Mapping[Area, tuple[Words, str]] = {
    Area.TODAY: (_("Today"), "t"),
    Area.PARTNERS: ("", "p"),
    Area.FOLLOW_UPS: (_("Follow-ups"), "f"),
    Area.FEEDBACK: (_("Feedback"), "b"),
    Area.SERVICES: (_("Services"), "s"),
    Area.MONEY: (_("Money"), "m"),
    Area.STRATEGY: (_("Strategy"), "y"),
    Area.TEAM: (_("Team"), "e"),
    Area.VENDORS: (_("Vendors"), "v"),
    Area.MANAGE: (_("Manage"), "a"),
    Area.ACCOUNT: (_("Your account"), ""),
}
# What a partner's users call theirs, where it is something else.
IN_PORTAL: Mapping[Area, Words] = {
    Area.TODAY: _("Overview"),
    Area.FOLLOW_UPS: _("Told and promised"),
    Area.FEEDBACK: _("Surveys"),
}


@dataclass(frozen=True)
class Link:
    """One way to go.

    current  for aria-current: "page" on the page itself, "true" on those behind it
    letter   the key that goes there after a `g`
    """

    label: str
    url: str
    current: str = ""
    letter: str = ""


@dataclass(frozen=True)
class ShownArea(Link):
    """An area with the places this person has in it; its own link is that of the first."""

    places: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Navigation:
    """What the header shows: the areas, the one this page is in, and what is one's own."""

    areas: tuple[ShownArea, ...] = ()
    here: ShownArea | None = None
    account: ShownArea | None = None


def places_of(user: User) -> list[Place]:
    """Where this person may go, in the order of the rows; also what has no room in a row."""
    may = (place for place in all_of(Place) if place.to is None or user.can(place.to))
    return sorted(may, key=lambda place: place.order)


def context(request: HttpRequest) -> dict[str, Navigation]:
    """Context processor: `navigation`, for the base page."""
    return {"navigation": navigation_for(request)}


def navigation_for(request: HttpRequest) -> Navigation:
    """The navigation as this person sees it from this page; nothing for somebody who is not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Navigation()
    places = places_of(user)
    urls = {place.url_name: _address(place.url_name) for place in places}
    here = _place_of(request, places, urls)
    shown = {
        area: _shown(area, user, [place for place in places if place.area is area], urls, request.path, here)
        for area in dict.fromkeys(AREAS)
        if any(place.area is area for place in places)
    }
    return Navigation(
        areas=tuple(one for area, one in shown.items() if area is not Area.ACCOUNT),
        here=shown[here.area] if here else None,
        account=shown.get(Area.ACCOUNT),
    )


@cache
def _address(name: str) -> str:
    """Where a place is; asked of every place for every page."""
    return reverse(name)


def area_label(area: Area, user: User) -> str:
    """What this person calls an area."""
    in_portal = "" if user.is_office else IN_PORTAL.get(area, "")
    return str(in_portal or AREAS[area][0] or words().Partners)


def _place_of(request: HttpRequest, places: Iterable[Place], urls: Mapping[str, str]) -> Place | None:
    """The place this page belongs to: the one its address goes on from, or else the first of the same room."""
    within = [place for place in places if _is_within(request.path, urls[place.url_name])]
    if within:
        return max(within, key=lambda place: len(urls[place.url_name]))
    room = request.resolver_match.namespace if request.resolver_match else ""
    return next((place for place in places if room and place.url_name.startswith(f"{room}:")), None)


def _is_within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _shown(
    area: Area, user: User, places: list[Place], urls: Mapping[str, str], path: str, here: Place | None
) -> ShownArea:
    row = [place for place in places if not place.under] or places
    current = {here.url_name, here.under} if here else set()
    links = tuple(
        Link(str(place.label), url, _current(url == path, place.url_name in current))
        for place in row
        for url in [urls[place.url_name]]
    )
    inside = here is not None and here.area is area
    label, letter = area_label(area, user), AREAS[area][1]
    return ShownArea(label, links[0].url, _current(links[0].url == path, inside), letter, links)


def _current(itself: bool, behind: bool) -> str:
    return "page" if itself else "true" if behind else ""
