"""The addresses of costs and rates."""

from django.urls import path

from comity.rates.models import CostPool, LedgerLine, Step
from comity.rates.views import costs, drivers, forecasts, rates, sheet, what_if

app_name = "rates"
urlpatterns = [
    path("rates/", rates.rates, name="rates"),
    path("rates/propose/", rates.propose, name="propose"),
    path("rates/<int:pk>/", rates.rate, name="rate"),
    path("rates/<int:pk>/edit/", rates.edit, name="edit"),
    path("rates/<int:pk>/approve/", rates.approve, name="approve"),
    path("rates/<int:pk>/withdraw/", rates.withdraw, name="withdraw"),
    path("rates/<int:pk>/restore/", rates.restore, name="restore"),
    path("costs/", costs.years, name="years"),
    path("costs/add/", costs.add_year, name="add_year"),
    path("costs/<int:pk>/", costs.costs, name="costs"),
    path("costs/<int:pk>/edit/", costs.edit_year, name="edit_year"),
    path("costs/<int:pk>/copy/", costs.copy, name="copy"),
    path("costs/<int:pk>/percent/", costs.turn, name="turn"),
    path("costs/<int:pk>/delete/", costs.delete, name="delete"),
    path("costs/<int:pk>/bills/", what_if.bills, name="bills"),
    path("costs/<int:pk>/lines/", costs.lines, name="lines"),
    path("costs/<int:pk>/lines/add/", costs.add_line, name="add_line"),
    path("costs/<int:pk>/steps/add/", costs.add_step, name="add_step"),
    path("costs/<int:pk>/forecasts/", forecasts.forecasts, name="forecasts"),
    path("costs/<int:pk>/forecasts/add/", forecasts.add_forecast, name="add_forecast"),
    path("cost-pools/", costs.pools, name="pools"),
    path("cost-pools/add/", costs.add_pool, name="add_pool"),
    path("cost-pools/<int:pk>/edit/", costs.edit_pool, name="edit_pool"),
    path("cost-pools/<int:pk>/remove/", costs.remove, {"kind": CostPool}, name="remove_pool"),
    path("ledger-lines/<int:pk>/edit/", costs.line, name="line"),
    path("ledger-lines/<int:pk>/remove/", costs.remove, {"kind": LedgerLine}, name="remove_line"),
    path("cost-steps/<int:pk>/edit/", costs.edit_step, name="edit_step"),
    path("cost-steps/<int:pk>/remove/", costs.remove, {"kind": Step}, name="remove_step"),
    path("forecasts/<int:pk>/", forecasts.forecast, name="forecast"),
    path("forecasts/<int:pk>/edit/", forecasts.edit_forecast, name="edit_forecast"),
    path("forecasts/<int:pk>/plan/", what_if.try_plan, name="try_plan"),
    path("forecasts/<int:pk>/plan/drop/", what_if.drop_plan, name="drop_plan"),
    path("forecasts/<int:pk>/remove/", forecasts.remove_forecast, name="remove_forecast"),
    path("rates/sheet/", sheet.sheet, name="sheet"),
    path("rates/sheet.pdf", sheet.pdf, name="sheet_pdf"),
    path("portal/rates/", sheet.portal, name="portal"),
    path("portal/rates.pdf", sheet.portal_pdf, name="portal_pdf"),
    path("rates/drivers/", drivers.listing, name="drivers"),
    path("rates/drivers/add/", drivers.add, name="add_figures"),
    path("rates/drivers/<int:pk>/", drivers.figures, name="figures"),
    path("rates/drivers/<int:pk>/remove/", drivers.remove, name="remove_figures"),
]
