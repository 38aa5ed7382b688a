"""The first page after signing in: each role's own."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from comity.briefing import capabilities as can
from comity.briefing import links, standing
from comity.briefing.today import sentence, today_of
from comity.office.services import today
from comity.people.access import Request, requires, signed_in


@signed_in
def home(request: Request) -> HttpResponseBase:
    """To the portal for a partner's user, else to one's own day."""
    return my_day(request) if request.user.is_office else redirect("portal")


@requires(can.SEE_OFFICE_PAGES)
def my_day(request: Request) -> HttpResponse:
    user, now = request.user, today()
    day = today_of(user, now)
    whole = user.can(can.SEE_WHOLE)
    return render(
        request,
        "briefing/today.html",
        {
            "today": now,
            "day": day,
            "sentence": sentence(day),
            "office_wide": standing.standing(user, now) if whole else [],
            "figures": standing.quarter(user, now, owner=None if whole else user),
            "figures_heading": _("Our promises this quarter") if whole else _("Your promises this quarter"),
            "mine_url": links.follow_ups(view="mine"),
            "raise_url": links.raise_about(),
            "visit_url": links.log_visit(),
        },
    )
