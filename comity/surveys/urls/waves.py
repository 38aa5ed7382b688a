"""Where waves are made, opened and watched."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
