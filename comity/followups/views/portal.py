"""What a partner's users raise, and where it stands."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from comity.followups.capabilities import PORTAL
from comity.followups.models import FollowUp
from comity.people.access import Request, requires


@requires(PORTAL)
def listing(request: Request) -> HttpResponse:
    rows = FollowUp.objects.visible_to(request.user)[:50]
    return render(request, "followups/list.html", {"rows": rows})


@requires(PORTAL)
def detail(request: Request, pk: int) -> HttpResponse:
    follow_up = get_object_or_404(FollowUp.objects.visible_to(request.user), pk=pk)
    return render(request, "followups/detail.html", {"follow_up": follow_up})
