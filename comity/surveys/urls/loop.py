"""What came of what was answered."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
