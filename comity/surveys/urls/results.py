"""Where figures are read."""

from __future__ import annotations

from django.urls import URLPattern, path

from comity.surveys.views import results

urlpatterns: list[URLPattern] = [
    path("waves/<int:pk>/results/", results.page, name="results"),
    path("waves/<int:pk>/results/by/<slug:table>/", results.breakdown, name="breakdown"),
    path("waves/<int:pk>/results/words/<slug:key>/", results.said, name="said"),
    path("waves/<int:pk>/results/counts.csv", results.tallies, name="results_csv"),
    path("waves/<int:pk>/results/codebook.csv", results.codebook, name="codebook"),
    path("waves/<int:pk>/results/report.pdf", results.report, name="report"),
]
