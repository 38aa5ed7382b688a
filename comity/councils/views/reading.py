"""Councils as others than the office read them: everybody, where the open-meetings law applies; and partners, where they sit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from comity.councils.capabilities import PORTAL
from comity.councils.models import Council, CouncilMeeting, CouncilMeetingQuerySet
from comity.councils.services.topics import of_meeting
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.access import Request, public, requires, row_or_404

LAW = "The law wants notice, agenda, minutes and decisions of these councils where everybody can read them."
EVERYBODY = {
    "frame": "ui/bare.html",
    "council_url": "councils:public",
    "meeting_url": "councils:public_meeting",
}
PARTNERS = {"frame": "ui/page.html", "council_url": "councils:of_ours", "meeting_url": "councils:our_meeting"}
SHOWN = 40  # ten years of a council that meets every quarter


@require_safe
@public(LAW)
def public_council(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Council, pk=pk, open_meetings=True)
    return _council(request, found, CouncilMeeting.objects.public(), EVERYBODY)


@require_safe
@public(LAW)
def public_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    rows = CouncilMeeting.objects.public().select_related("council")
    return _meeting(request, get_object_or_404(rows, pk=pk), EVERYBODY)


@requires(PORTAL, "GET")
def portal(request: Request) -> HttpResponse:
    """The councils in which a partner of the reader has, or had, a seat."""
    coming = CouncilMeeting.objects.coming(today()).filter(council=OuterRef("pk")).order_by("on")
    rows = Council.objects.visible_to(request.user).annotate(next_on=Subquery(coming.values("on")[:1]))
    return render(request, "councils/portal.html", {"councils": rows})


@requires(PORTAL, "GET")
def of_ours(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Council, pk, "facilitator")
    seats = found.seats.visible_to(request.user).on(today()).filled().by_rank()
    ours = set(Partner.objects.visible_to(request.user).values_list("pk", flat=True))
    more = {
        **PARTNERS,
        "members": [(seat, seat.partner_id in ours) for seat in seats.select_related("person", "partner")],
    }
    return _council(request, found, CouncilMeeting.objects.visible_to(request.user), more)


@requires(PORTAL, "GET")
def our_meeting(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, CouncilMeeting, pk, "council")
    return _meeting(request, found, {**PARTNERS, "live": of_meeting(found, request.user)})


def _council(
    request: HttpRequest, found: Council, meetings: CouncilMeetingQuerySet, more: Mapping[str, Any]
) -> HttpResponse:
    rows = list(meetings.filter(council=found)[:SHOWN])
    coming = [row for row in reversed(rows) if row.on >= today() and not row.minutes_at]
    past = [row for row in rows if row not in coming]
    context = {"council": found, "coming": coming, "past": past, "for_all": more is EVERYBODY}
    return render(request, "councils/read_council.html", {**context, **more})


def _meeting(request: HttpRequest, found: CouncilMeeting, more: Mapping[str, Any]) -> HttpResponse:
    """What was decided is read together with the minutes."""
    decisions = found.decisions.select_related("follow_up") if found.minutes_at else ()
    context = {
        "meeting": found,
        "council": found.council,
        "agenda": found.agenda.all(),
        "decisions": decisions,
        "for_all": more is EVERYBODY,
    }
    return render(request, "councils/read_meeting.html", {**context, **more})
