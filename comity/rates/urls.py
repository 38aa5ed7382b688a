"""The addresses of costs and rates."""

from django.urls import path

from comity.rates.views import costs, lists, rates
from comity.rates.views.costs import FORECAST, LINE, POOL, STEP

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
    path("costs/add/", costs.year, name="add_year"),
    path("costs/<int:pk>/", costs.costs, name="costs"),
    path("costs/<int:pk>/edit/", costs.year, name="edit_year"),
    path("costs/<int:pk>/copy/", costs.copy, name="copy"),
    path("costs/<int:pk>/percent/", costs.turn, name="turn"),
    path("costs/<int:pk>/delete/", costs.delete, name="delete"),
    path("costs/<int:pk>/bills/", costs.bills, name="bills"),
    path("costs/<int:pk>/lines/", lists.lines, name="lines"),
    path("costs/<int:pk>/forecasts/", lists.forecasts, name="forecasts"),
    path("cost-pools/", lists.pools, name="pools"),
    *POOL.paths("cost-pools"),
    *LINE.paths("ledger-lines", add="costs/<int:of>/lines/add/"),
    *STEP.paths("cost-steps", add="costs/<int:of>/steps/add/"),
    *FORECAST.paths("forecasts", add="costs/<int:of>/forecasts/add/"),
    path("forecasts/<int:pk>/", costs.forecast, name="forecast"),
    path("forecasts/<int:pk>/plan/", rates.try_plan, name="try_plan"),
    path("forecasts/<int:pk>/plan/drop/", rates.drop_plan, name="drop_plan"),
    path("rates/sheet/", rates.sheet, name="sheet"),
    path("rates/sheet.pdf", rates.pdf, name="sheet_pdf"),
    path("portal/rates/", rates.portal, name="portal"),
    path("portal/rates.pdf", rates.portal_pdf, name="portal_pdf"),
    path("rates/drivers/", lists.drivers, name="drivers"),
    path("rates/drivers/add/", costs.begin_figures, name="add_figures"),
    path("rates/drivers/<int:pk>/", lists.figures, name="figures"),
    path("rates/drivers/<int:pk>/remove/", costs.remove_figures, name="remove_figures"),
]
