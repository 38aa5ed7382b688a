"""A partner at a glance."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from comity.briefing import capabilities as can
from comity.briefing import glance as glances
from comity.briefing import links, office_figures
from comity.briefing.timeline import LABELS, timeline
from comity.office.services import today
from comity.partners.models import Partner
from comity.people.access import Request, requires


@requires(can.SEE_OFFICE_PAGES)
@require_safe
def glance(request: Request, pk: int) -> HttpResponse:
    partner = get_object_or_404(
        Partner.objects.visible_to(request.user).select_related("parent", "tier"), pk=pk
    )
    if partner.merged_into_id:
        return redirect("partner", partner.merged_into_id, permanent=True)
    now, kind = today(), request.GET.get("kind", "")
    seen = glances.look_at(partner, request.user, now)
    page = timeline(partner, request.user, now, kind=kind, before=_moment(request.GET.get("before", "")))
    return render(
        request,
        "briefing/glance.html",
        {
            "partner": partner,
            "sentence": glances.sentence(seen),
            "about": glances.about(seen),
            "figures": glances.figures(seen),
            "ring": office_figures.of_partner(request.user, partner, now),
            "who": glances.who_talks_to_whom(seen, now),
            "page": page,
            "chips": [
                (str(label), f"{request.path}?kind={key}" if key else request.path, key == kind)
                for key, label in LABELS.items()
            ],
            "older_url": _older(request.path, kind, page.older),
            "raise_url": links.raise_about(partner),
            "visit_url": links.log_visit(partner),
        },
    )


def _older(path: str, kind: str, older: datetime | None) -> str:
    return f"{path}?{urlencode({'kind': kind, 'before': older.isoformat()})}" if older else ""


def _moment(text: str) -> datetime | None:
    """From where an older page goes on; what is no moment is no page of ours."""
    if not text:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Http404
    return moment
