"""What the base page needs besides the office: where one can go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from comity.site.navigation import navigation_for


def page(request: HttpRequest) -> dict[str, Any]:
    return {"navigation": navigation_for(request)}
