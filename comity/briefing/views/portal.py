"""The portal: what a partner's user sees."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from comity.briefing import capabilities as can
from comity.briefing.portal import portal_of, sentence
from comity.office.services import today
from comity.people.access import Request, requires


@requires(can.SEE_PORTAL)
@require_safe
def home(request: Request) -> HttpResponse:
    found = portal_of(request.user, today())
    return render(
        request,
        "briefing/portal.html",
        {
            "portal": found,
            "sentence": sentence(found),
            "raise_url": reverse("followups:portal_new"),
            "list_url": reverse("followups:portal_list"),
        },
    )
