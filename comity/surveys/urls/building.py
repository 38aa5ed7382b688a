"""Where surveys, their versions and their questions are built."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
