"""Addresses of `ui`. Who may open what is decided above, so the site hands its decorators in:

path("", include(ui_urls(open_to_all=public("..."), signed_in=signed_in)))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from comity.ui import views

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def ui_urls(*, open_to_all: Decorator, signed_in: Decorator, style_page: bool = False) -> tuple[list[URLPattern], str]:
    """The patterns and their namespace, for `include`. `style_page` adds /ui/, which shows every component."""
    patterns = [
        path("theme/", open_to_all(views.choose_theme), name="theme"),
        path("saved-views/save/", signed_in(views.save_view), name="save-view"),
        path("saved-views/<int:pk>/delete/", signed_in(views.delete_view), name="delete-view"),
    ]
    if style_page:
        from comity.ui import gallery

        patterns += [
            path("ui/", open_to_all(gallery.page), name="gallery"),
            path("ui/<slug:sheet>/", open_to_all(gallery.sheet), name="gallery-sheet"),
        ]
    return patterns, "ui"
