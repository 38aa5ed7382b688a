"""The addresses of costs and rates."""

from django.urls import path

from comity.rates.views import costs, keeping, lists, rates, sheet
from comity.rates.views.keeping import FORECAST, LINE, POOL, STEP

app_name = "rates"
urlpatterns = [
    path("rates/", lists.rates, name="rates"),
    path("rates/propose/", rates.propose, name="propose"),
    path("rates/<int:pk>/", rates.rate, name="rate"),
    path("rates/<int:pk>/edit/", rates.edit, name="edit"),
    path("rates/<int:pk>/approve/", rates.approve, name="approve"),
    path("rates/<int:pk>/withdraw/", rates.withdraw, name="withdraw"),
    path("rates/<int:pk>/restore/", rates.restore, name="restore"),
    path("costs/", lists.years, name="years"),
    path("costs/add/", keeping.year, name="add_year"),
    path("costs/<int:pk>/", costs.costs, name="costs"),
    path("costs/<int:pk>/edit/", keeping.year, name="edit_year"),
    path("costs/<int:pk>/copy/", keeping.copy, name="copy"),
    path("costs/<int:pk>/percent/", keeping.turn, name="turn"),
    path("costs/<int:pk>/delete/", keeping.delete, name="delete"),
    path("costs/<int:pk>/bills/", costs.bills, name="bills"),
    path("costs/<int:pk>/lines/", lists.lines, name="lines"),
    path("costs/<int:of>/lines/add/", keeping.edit, {"kind": LINE}, name="add_line"),
    path("costs/<int:of>/steps/add/", keeping.edit, {"kind": STEP}, name="add_step"),
    path("costs/<int:pk>/forecasts/", lists.forecasts, name="forecasts"),
    path("costs/<int:of>/forecasts/add/", keeping.edit, {"kind": FORECAST}, name="add_forecast"),
    path("cost-pools/", lists.pools, name="pools"),
    path("cost-pools/add/", keeping.edit, {"kind": POOL}, name="add_pool"),
    path("cost-pools/<int:pk>/edit/", keeping.edit, {"kind": POOL}, name="edit_pool"),
    path("cost-pools/<int:pk>/remove/", keeping.remove, {"kind": POOL}, name="remove_pool"),
    path("ledger-lines/<int:pk>/edit/", keeping.edit, {"kind": LINE}, name="line"),
    path("ledger-lines/<int:pk>/remove/", keeping.remove, {"kind": LINE}, name="remove_line"),
    path("cost-steps/<int:pk>/edit/", keeping.edit, {"kind": STEP}, name="edit_step"),
    path("cost-steps/<int:pk>/remove/", keeping.remove, {"kind": STEP}, name="remove_step"),
    path("forecasts/<int:pk>/", costs.forecast, name="forecast"),
    path("forecasts/<int:pk>/edit/", keeping.edit, {"kind": FORECAST}, name="edit_forecast"),
    path("forecasts/<int:pk>/plan/", rates.try_plan, name="try_plan"),
    path("forecasts/<int:pk>/plan/drop/", rates.drop_plan, name="drop_plan"),
    path("forecasts/<int:pk>/remove/", keeping.remove, {"kind": FORECAST}, name="remove_forecast"),
    path("rates/sheet/", sheet.sheet, name="sheet"),
    path("rates/sheet.pdf", sheet.pdf, name="sheet_pdf"),
    path("portal/rates/", sheet.portal, name="portal"),
    path("portal/rates.pdf", sheet.portal_pdf, name="portal_pdf"),
    path("rates/drivers/", lists.drivers, name="drivers"),
    path("rates/drivers/add/", keeping.begin_figures, name="add_figures"),
    path("rates/drivers/<int:pk>/", lists.figures, name="figures"),
    path("rates/drivers/<int:pk>/remove/", keeping.remove_figures, name="remove_figures"),
]
