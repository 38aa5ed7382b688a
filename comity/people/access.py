"""Who may open which page, for the rooms that know users; the decorators themselves lie in `comity.access`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from comity import access
from comity.access import Capability, public, requires, signed_in

if TYPE_CHECKING:
    from comity.people.models import User

__all__ = ["Request", "can", "public", "requires", "row_or_404", "signed_in"]
Row = TypeVar("Row", bound=Model)


class Request(access.Request):
    """A request whose user is signed in."""

    user: User


def can(request: HttpRequest, capability: Capability) -> bool:
    """Whether whoever is looking holds the capability; nobody does before it is known who looks."""
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and bool(user.can(capability))


def row_or_404(request: Request, model: type[Row], pk: int, *beside: str) -> Row:
    """A row that this person may see, read with what it points to; for others it is absent."""
    manager: Any = model._default_manager
    rows = manager.visible_to(request.user)
    # Asked to read nothing beside it, Django would read all.
    found: Row = get_object_or_404(rows.select_related(*beside) if beside else rows, pk=pk)
    return found
