"""Every address of the site, found by walking the URL resolver, so that none can be forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from comity.access import Audience, audience_of

ARGUMENT = re.compile(r"<(?:[^>:]+:)?(\w+)>|\(\?P<(\w+)>")


@dataclass(frozen=True)
class Route:
    """One address: its name ("followups:detail"), its pattern, its view, and the arguments it takes."""

    name: str
    pattern: str
    view: Callable[..., HttpResponseBase]
    arguments: tuple[str, ...]

    @property
    def audience(self) -> Audience | None:
        return audience_of(self.view)

    def url(self, arguments: tuple[Any, ...] = ()) -> str:
        return reverse(self.name, args=arguments)


def routes() -> list[Route]:
    """Every route, by name; those without a name come first, as what is wrong with them."""
    return sorted(_walk(get_resolver(), "", ()), key=lambda route: (route.name, route.pattern))


def plain_routes() -> list[Route]:
    """Those that take no argument."""
    return [route for route in routes() if not route.arguments]


def _walk(resolver: URLResolver, before: str, spaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            name = ":".join((*spaces, entry.name)) if entry.name else ""
            arguments = tuple(first or second for first, second in ARGUMENT.findall(pattern))
            yield Route(name, pattern, entry.callback, arguments)
        else:
            yield from _walk(entry, pattern, (*spaces, entry.namespace) if entry.namespace else spaces)
