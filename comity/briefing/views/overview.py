"""The CIO's page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.briefing import capabilities as can
from comity.briefing import links, office_figures
from comity.briefing.getting_started import getting_started
from comity.briefing.overview import sentence
from comity.briefing.today import needs_of
from comity.briefing.trouble import in_trouble
from comity.followups.models import FollowUp
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.access import Request, requires

SHOWN = 8
WAITING = 5


@requires(can.SEE_OVERVIEW)
@require_safe
def page(request: Request) -> HttpResponse:
    user, now = request.user, today()
    troubled = in_trouble(user, now, limit=SHOWN + 1)
    shown, more = troubled[:SHOWN], len(troubled) > SHOWN
    waiting = FollowUp.objects.visible_to(user).for_the_cio(now)
    anybody = Partner.objects.visible_to(user).served().exists()
    return render(
        request,
        "briefing/overview.html",
        {
            "nothing_yet": not anybody,
            **getting_started(user),
            "today": now,
            "sentence": sentence(shown, more=more, anybody=anybody),
            "figures": office_figures.of_office(user, now).figures(),
            "troubled": shown,
            "more": more,
            "promises": office_figures.promises_by_month(request.user, now),
            "quarter": office_figures.quarter(user, now),
            "quarter_heading": _("Our promises this quarter"),
            "waiting": needs_of(waiting, user, now, WAITING),
            "late_url": links.follow_ups(view="late"),
        },
    )
