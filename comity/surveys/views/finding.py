"""The wave that an address names."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from comity.people.access import Request
from comity.surveys.models import Wave


def wave_or_404(request: Request, pk: int, *related: str) -> Wave:
    """A wave this person may see, with its version and survey at hand, and what else is `related`."""
    rows = Wave.objects.visible_to(request.user).select_related("version__survey", *related)
    return get_object_or_404(rows, pk=pk)
