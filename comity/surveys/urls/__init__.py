"""The addresses of surveys: built and asked under /surveys/ and /waves/, answered under /answer/ without signing in."""

from __future__ import annotations

from comity.surveys.urls import answering, building, loop, portal, results, waves

app_name = "surveys"
urlpatterns = [
    *building.urlpatterns,
    *waves.urlpatterns,
    *answering.urlpatterns,
    *results.urlpatterns,
    *loop.urlpatterns,
    *portal.urlpatterns,
]
