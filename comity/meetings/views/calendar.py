"""One's own calendar elsewhere: the link, made and stopped on a page of one's own, and what a calendar program reads by it."""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comity.meetings.models import CalendarFeed
from comity.meetings.services.feed import calendar_of, make_link, stop_link
from comity.outbox.services import address
from comity.people import tokens
from comity.people.access import Request, public, signed_in
from comity.ui.components.page import tell

SCOPE = "calendar"


@never_cache
@signed_in()
def page(request: Request) -> HttpResponse:
    """Whether there is a link, and what to do with it. A new one is shown in the answer that made it, and never again."""
    link = address(make_link(request.user)) if request.method == "POST" else ""
    known = CalendarFeed.objects.filter(user=request.user).first()
    context = {"link": link, "webcal": link.replace("https:", "webcal:", 1), "known": known}
    return render(request, "meetings/calendar.html", context)


@signed_in("POST")
def stop(request: Request) -> HttpResponse:
    stop_link(request.user)
    tell(request, _("The link no longer works."))
    return redirect("meetings:calendar")


@require_safe
@public("A calendar program reads it, which cannot sign in; the link stands for the person.")
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar as iCalendar; 304 to a program that has it already. Dead links of every kind get one and the same answer."""
    found = tokens.find(request, SCOPE, CalendarFeed.objects.live().select_related("user"), token)
    if found is None:
        return tokens.refuse(request, SCOPE)
    body = calendar_of(found.user)
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="comity.ics"'
    answer["ETag"] = etag
    # Kept by the program that asked, and asked about each time: what was called off is gone at once.
    answer["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=etag, response=answer) or answer
