"""The addresses of bills: run, approved and issued under /bill-runs/, read under /bills/."""

from __future__ import annotations

from django.urls import path

from comity.billing.views import bills, lines, lists, printed, runs

app_name = "billing"
urlpatterns = [
    path("bill-runs/", lists.runs, name="runs"),
    path("bill-runs/<int:pk>/", runs.page, name="run"),
    path("bills/", lists.bills, name="bills"),
    path("bills/<int:pk>/", bills.page, name="bill"),
    path("bills/<int:pk>/pdf/", printed.pdf, name="bill_pdf"),
    path("bills/<int:pk>/csv/", bills.lines_csv, name="bill_csv"),
    path("bills/lines/<int:pk>/", lines.page, name="line"),
    path("bills/lines/<int:pk>/csv/", lines.rows_csv, name="line_csv"),
]
