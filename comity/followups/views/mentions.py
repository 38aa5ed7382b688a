"""Who may be called with an @ in a remark."""

from __future__ import annotations

from django.db.models import Case, IntegerField, When
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from comity.followups.capabilities import READ
from comity.followups.models import FollowUp
from comity.followups.services.commenting import calling, readers
from comity.people.access import Request, requires
from comity.people.pickers import COLLEAGUE
from comity.ui.pickers import tidy

MOST = 10


@requires(READ)
@require_safe
def mentionable(request: Request, pk: int) -> HttpResponse:
    """Those who may read a remark on one follow-up, as far as they are typed: each with what calls them alone."""
    follow_up = FollowUp.objects.visible_to(request.user).filter(pk=pk).select_related("partner").first()
    if follow_up is None:
        return JsonResponse({"items": []}, status=404)
    among = readers(follow_up, office_only=request.GET.get("office_only") == "1")
    text = tidy(request.GET.get("q", ""))
    begins = Case(When(name__istartswith=text, then=0), default=1, output_field=IntegerField())
    rows = list(COLLEAGUE.find(among, text).order_by(begins, "name", "pk")[:MOST])
    calls = calling(rows, among)
    return JsonResponse(
        {"items": [{"value": calls[row], "label": row.name, "hint": row.title or row.email} for row in rows]}
    )
