"""What is done rarely, and by few: one page that leads to all of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from comity.audit import capabilities as audit
from comity.imports import capabilities as imports
from comity.jobs import capabilities as jobs
from comity.office import capabilities as office
from comity.outbox import capabilities as outbox
from comity.partners import capabilities as partners
from comity.people import capabilities as people
from comity.people.access import Capability, Request, requires
from comity.people.models import User
from comity.site.capabilities import MANAGE


@dataclass(frozen=True)
class Place:
    """A page for those who look after the installation or its records."""

    label: Promise
    words: Promise
    url_name: str
    capability: Capability

    @property
    def url(self) -> str:
        return reverse(self.url_name)


PLACES = (
    Place(_("People and access"), _("Who may sign in, and what they may do"), "people:list", people.MANAGE),
    Place(
        _("The office"), _("Name, words, visit tiers, due days, holidays"), "office:settings", office.MANAGE
    ),
    Place(_("Imports"), _("Load a spreadsheet, look at it first, undo it"), "imports:list", imports.IMPORT),
    Place(_("Likely duplicates"), _("Two entries that may be one"), "partners:duplicates", partners.EDIT),
    Place(_("Outbox"), _("Mail that leaves, and mail that could not"), "outbox:list", outbox.VIEW_OUTBOX),
    Place(
        _("Background work"),
        _("What runs, waits or failed, and what comes round by itself"),
        "jobs:list",
        jobs.VIEW_WORK,
    ),
    Place(_("The trail"), _("Who changed what, and when"), "audit:trail", audit.VIEW_TRAIL),
)


def places_for(user: User) -> list[Place]:
    """The places this person may go to."""
    return [place for place in PLACES if user.can(place.capability)]


@requires(MANAGE)
@require_safe
def page(request: Request) -> HttpResponse:
    """Where this person can go from here."""
    return render(request, "site/manage.html", {"leads_to": places_for(request.user)})
