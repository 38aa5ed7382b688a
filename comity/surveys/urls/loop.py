"""What came of what was answered."""

from __future__ import annotations

from django.urls import URLPattern, path

from comity.surveys.views import loop

urlpatterns: list[URLPattern] = [
    path("waves/low-ratings/", loop.page, name="loop"),
]
