"""Who may open which page, for the rooms that know users; the decorators themselves lie in `comity.access`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from comity import access
from comity.access import Capability, public, requires, row_or_404, signed_in

if TYPE_CHECKING:
    from comity.people.models import User

__all__ = ["Request", "can", "public", "requires", "row_or_404", "signed_in"]


class Request(access.Request):
    """A request whose user is signed in."""

    user: User


def can(request: HttpRequest, capability: Capability) -> bool:
    """Whether whoever is looking holds the capability; nobody does before it is known who looks."""
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and bool(user.can(capability))
