"""The addresses of bills: run, approved and issued under /bill-runs/, read under /bills/."""

from __future__ import annotations

from django.urls import path

from comity.billing.views import lists, runs

app_name = "billing"
urlpatterns = [
    path("bill-runs/", lists.runs, name="runs"),
    path("bill-runs/<int:pk>/", runs.page, name="run"),
    path("bills/", lists.bills, name="bills"),
]
