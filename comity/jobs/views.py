"""How far a piece of long work is."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from comity.access import Request, signed_in
from comity.jobs.models import Work


@signed_in
def progress(request: Request, pk: int) -> HttpResponse:
    """The page of one piece of work, for who started it and for administrators; `?format=json` for scripts."""
    work = get_object_or_404(Work.objects.visible_to(request.user), pk=pk)
    if request.GET.get("format") == "json":
        return JsonResponse(
            {
                "label": work.label,
                "state": work.state,
                "done": work.done,
                "total": work.total,
                "message": work.message,
                "url": work.url,
            }
        )
    return render(request, "jobs/progress.html", {"work": work})
