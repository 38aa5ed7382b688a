"""How many notices wait, for the header of every page."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest

from comity.notifications.models import Notice
from comity.prepared import prepared


def unread(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `unread`, counted once per request."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {}
    kept = vars(request)
    if "unread_notices" not in kept:
        [kept["unread_notices"]] = _unread(user=request.user.pk)
    return {"unread": kept["unread_notices"]}


@prepared
def _unread(*, user: Any) -> QuerySet[Notice, int]:
    """How many somebody has not read."""
    waiting = Notice.objects.visible_to(user).unread().order_by()
    return waiting.values(of_all=Value(1)).annotate(count=Count("pk")).values_list("count", flat=True)
