"""A run of a month's bills."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from comity.billing.capabilities import READ
from comity.billing.models import Run
from comity.people.access import Request, requires


@requires(READ)
@require_safe
def page(request: Request, pk: int) -> HttpResponse:
    run = get_object_or_404(Run.objects.visible_to(request.user).select_related("period"), pk=pk)
    return render(request, "billing/run.html", {"run": run, "bills": run.bills.select_related("partner")})
