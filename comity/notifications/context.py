"""How many notices wait, for the header of every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from comity.notifications.models import Notice


def unread(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `unread`, counted once per request."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {}
    kept = vars(request)
    if "unread_notices" not in kept:
        kept["unread_notices"] = Notice.objects.visible_to(request.user).unread().count()
    return {"unread": kept["unread_notices"]}
