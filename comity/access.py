"""Who may open which page: capabilities, and the one decorator every view wears.

A room names its capabilities in its own `capabilities.py`; which role holds which is said once, in
`site/roles.py`, and handed over when the site starts. Whether a *row* may be seen is another question,
asked of the rows: `visible_to(user)`.

It lies below every room with pages, the trail and the outbox among them, and so knows a user only by what
is asked of one here. Rooms above `people` take `requires` and the like from `comity.people.access`, where
`Request` knows the real user.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar, Literal, Protocol, Self, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe


@dataclass(frozen=True)
class Capability:
    """Something a role may do, by its name, `room.verb`; a name given twice is refused."""

    name: str

    known: ClassVar[set[str]] = set()

    def __post_init__(self) -> None:
        if self.name in self.known:
            raise ValueError(f"The capability {self.name!r} is named twice.")
        self.known.add(self.name)

    def __str__(self) -> str:
        return self.name


class Viewer(Protocol):
    """Someone who is signed in, as far as a room below `people` has to know."""

    pk: Any
    _meta: ClassVar[Any]

    @property
    def is_office(self) -> bool: ...

    def can(self, capability: Capability) -> bool: ...


Row = TypeVar("Row", bound=models.Model)


class OfficeQuerySet(models.QuerySet[Row]):
    """Rows of the office's own."""

    def visible_to(self, user: Viewer) -> Self:
        """The office sees all, a partner's user none."""
        return self if user.is_office else self.none()


class Request(HttpRequest):
    """A request whose user is signed in."""

    user: Viewer  # type: ignore[assignment]  # whoever is signed in is one


def row_or_404(request: Request, model: type[Row], pk: int, *beside: str) -> Row:
    """A row that this person may see, read with what it points to; for others it is absent."""
    manager: Any = model._default_manager
    rows = manager.visible_to(request.user)
    # Asked to read nothing beside it, Django would read all.
    found: Row = get_object_or_404(rows.select_related(*beside) if beside else rows, pk=pk)
    return found


@dataclass(frozen=True)
class Audience:
    """Who a view is for: everybody (with the reason), anyone signed in, or holders of a capability."""

    kind: str
    capability: Capability | None = None
    reason: str = ""


_capabilities_by_role: dict[str, frozenset[Capability]] = {}


def install_roles(capabilities_by_role: Mapping[str, Iterable[Capability]]) -> None:
    """Say which role holds which capabilities; called once by the site as it starts."""
    _capabilities_by_role.clear()
    _capabilities_by_role.update({role: frozenset(held) for role, held in capabilities_by_role.items()})


def capabilities_of(roles: Iterable[str]) -> frozenset[Capability]:
    """All that the given roles may do together."""
    return frozenset().union(*(_capabilities_by_role.get(role, frozenset()) for role in roles))


View = Callable[..., HttpResponseBase]


Method = Literal["GET", "POST"]
_page = require_http_methods(["GET", "HEAD", "POST"])  # no page answers to anything else
_ONLY = {"GET": require_safe, "POST": require_POST}


def requires(capability: Capability, method: Method | None = None) -> Callable[[View], View]:
    """Only people whose roles hold `capability`; others who are signed in get 403.

    A page that only shows says `GET`, one that only does says `POST`; a form answers to both.
    """

    def decorate(view: View) -> View:
        view = _ONLY[method](view) if method else view

        @wraps(view)
        def checked(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.can(capability):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return declare(_page(checked), Audience("capability", capability=capability))

    return decorate


def signed_in(method: Method | None = None) -> Callable[[View], View]:
    """Anyone who is signed in, office or partner; the view's rows are still asked of `visible_to`. The method as above."""

    def decorate(view: View) -> View:
        return declare(_page(_ONLY[method](view) if method else view), Audience("signed in"))

    return decorate


def public(reason: str) -> Callable[[View], View]:
    """Everybody, without signing in; `reason` says why that is right."""

    def decorate(view: View) -> View:
        return login_not_required(declare(_page(view), Audience("public", reason=reason)))

    return decorate


def audience_of(view: View) -> Audience | None:
    """What a view declared, or None: the permission matrix refuses a URL without an audience."""
    return getattr(view, "audience", None)


def declare(view: View, audience: Audience) -> View:
    """The view, saying for whom it is."""
    vars(view)["audience"] = audience
    return view
