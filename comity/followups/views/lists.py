"""Worklists."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from comity.followups.capabilities import READ
from comity.followups.models import FollowUp
from comity.people.access import Request, requires


@requires(READ)
def worklist(request: Request) -> HttpResponse:
    return render(request, "followups/list.html", {"rows": FollowUp.objects.visible_to(request.user)[:50]})
