"""The header's links, by what a person may do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.briefing import capabilities as briefing
from comity.followups import capabilities as followups
from comity.meetings import capabilities as meetings
from comity.office.services import words
from comity.partners import capabilities as partners
from comity.people.models import User
from comity.site import capabilities as site
from comity.surveys import capabilities as surveys

# Pages that have no link of their own in the header, and stand under another's: URL name -> that of the link.
ALSO = {"surveys:list": "surveys:waves"}


@dataclass(frozen=True)
class NavItem:
    """A link of the header."""

    label: str
    url: str
    current: bool


def navigation_for(request: HttpRequest) -> list[NavItem]:
    """Where this person can go from anywhere, in the order they do it most."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    links = [(label, reverse(name)) for label, name in (_office(user) if user.is_office else _portal())]
    also = {reverse(other): reverse(name) for other, name in ALSO.items()}
    known = {**{url: url for _label, url in links}, **also}
    here = known.get(max((url for url in known if _is_within(request.path, url)), key=len, default=""), "")
    return [NavItem(label, url, url == here) for label, url in links]


def _is_within(path: str, url: str) -> bool:
    return path == url or (url != reverse("home") and path.startswith(url))


def _office(user: User) -> Iterator[tuple[str, str]]:
    yield _("Today"), "home"
    if user.can(briefing.SEE_OVERVIEW):
        yield _("Overview"), "overview"
    if user.can(partners.VIEW):
        yield words().Partners, "partners:list"
    if user.can(followups.READ):
        yield _("Follow-ups"), "followups:list"
    if user.can(meetings.READ):
        yield _("Meetings"), "meetings:list"
    if user.can(surveys.READ):
        yield _("Surveys"), "surveys:waves"
    if user.can(briefing.SEE_COVERAGE):
        yield _("Coverage"), "coverage"
    if user.can(site.MANAGE):
        yield _("Manage"), "manage"


def _portal() -> Iterator[tuple[str, str]]:
    yield _("Overview"), "portal"
    yield _("What we raised"), "followups:portal_list"
    yield _("Surveys"), "surveys:portal_list"
