"""The header's links, by what a person may do."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from comity.office.services import words


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    current: bool


def navigation_for(request: HttpRequest) -> list[NavItem]:
    """Where this person can go from anywhere, in the order they do it most."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    entries = [(_("Today"), "home")]
    if user.is_office:
        entries += [
            (words().Partners, "partners:list"),
            (_("Follow-ups"), "followups:list"),
            (_("Meetings"), "meetings:list"),
        ]
    items = []
    for label, name in entries:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        items.append(
            NavItem(
                label,
                url,
                request.path == url or (url != "/" and request.path.startswith(url)),
            )
        )
    return items
