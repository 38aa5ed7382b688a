"""Where a partner's users read of surveys."""

from __future__ import annotations

from django.urls import URLPattern, path

from comity.surveys.views.portal import reading

urlpatterns: list[URLPattern] = [
    path("portal/surveys/", reading.listing, name="portal_list"),
    path("portal/surveys/<int:pk>/", reading.wave, name="portal_wave"),
]
