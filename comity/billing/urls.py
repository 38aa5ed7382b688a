"""The addresses of bills: run, approved and issued under /bill-runs/, read under /bills/."""

from __future__ import annotations

from django.urls import path

from comity.billing.views import bills, lines, righting, runs, splits

app_name = "billing"
urlpatterns = [
    path("bill-runs/", runs.listing, name="runs"),
    path("bill-runs/new/", runs.new, name="new_run"),
    path("bill-runs/<int:pk>/", runs.page, name="run"),
    path("bill-runs/<int:pk>/checks/<slug:slug>/", runs.check, name="run_check"),
    path("bill-runs/<int:pk>/lines/", runs.lines, name="run_lines"),
    path("bill-runs/<int:pk>/changes/", runs.changes, name="run_changes"),
    path("bill-runs/<int:pk>/again/", runs.again, name="run_again"),
    path("bill-runs/<int:pk>/approve/", runs.approve, name="approve"),
    path("bill-runs/<int:pk>/issue/", runs.issue, name="issue"),
    path("bill-runs/<int:pk>/drop/", runs.drop, name="drop"),
    path("bill-runs/<int:pk>/export/<slug:kind>/", runs.export, name="export"),
    path("bills/terms/", righting.terms, name="terms"),
    path("bills/", bills.listing, name="bills"),
    path("bills/<int:pk>/", bills.page, name="bill"),
    path("bills/<int:pk>/pdf/", bills.pdf, name="bill_pdf"),
    path("bills/<int:pk>/csv/", bills.lines_csv, name="bill_csv"),
    path("bills/<int:pk>/split/", splits.split, name="split"),
    path("bills/cost-centers/", splits.cost_centers, name="cost_centers"),
    *splits.CENTER.paths("bills/cost-centers", edit="bills/cost-centers/<int:pk>/"),
    *splits.SHARE.paths("bills/cost-centers/shares"),
    path("bills/lines/<int:pk>/", lines.page, name="line"),
    path("bills/lines/<int:pk>/csv/", lines.rows_csv, name="line_csv"),
    path("bills/lines/<int:pk>/dispute/", righting.dispute, name="dispute"),
    path("bills/disputes/", righting.disputes, name="disputes"),
    path("bills/disputes/<int:pk>/", righting.decide, name="decide"),
    path("bills/lines/<int:pk>/adjust/", righting.adjust, name="adjust"),
    path("adjustments/", righting.adjustments, name="adjustments"),
    path("adjustments/<int:pk>/approve/", righting.approve, name="approve_adjustment"),
    path("adjustments/<int:pk>/decline/", righting.decline, name="decline_adjustment"),
]
