"""The addresses of bills: run, approved and issued under /bill-runs/, read under /bills/."""

from __future__ import annotations

from django.urls import path

from comity.billing.views import bills, lines, lists, printed, runs, splits

app_name = "billing"
urlpatterns = [
    path("bill-runs/", lists.runs, name="runs"),
    path("bill-runs/<int:pk>/", runs.page, name="run"),
    path("bills/", lists.bills, name="bills"),
    path("bills/<int:pk>/", bills.page, name="bill"),
    path("bills/<int:pk>/pdf/", printed.pdf, name="bill_pdf"),
    path("bills/<int:pk>/csv/", bills.lines_csv, name="bill_csv"),
    path("bills/<int:pk>/split/", splits.split, name="split"),
    path("bills/cost-centers/", splits.cost_centers, name="cost_centers"),
    path("bills/cost-centers/add/", splits.add, name="add_cost_center"),
    path("bills/cost-centers/<int:pk>/", splits.change, name="cost_center"),
    path("bills/cost-centers/<int:pk>/remove/", splits.remove, name="remove_cost_center"),
    path("bills/cost-centers/shares/add/", splits.add_share, name="add_share"),
    path("bills/cost-centers/shares/<int:pk>/remove/", splits.remove_share, name="remove_share"),
    path("bills/lines/<int:pk>/", lines.page, name="line"),
    path("bills/lines/<int:pk>/csv/", lines.rows_csv, name="line_csv"),
]
