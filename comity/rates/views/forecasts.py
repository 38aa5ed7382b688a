"""Forecasts of a year, and the rate that follows from each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.core.billing.rates import Rate
from comity.core.errors import DomainError
from comity.core.fiscal import FiscalYear
from comity.editing.answering import FormPage, act
from comity.office.services import current_office
from comity.people.access import Request, requires
from comity.rates import cost_pictures, cost_tables
from comity.rates.capabilities import EDIT, READ
from comity.rates.forms.costs import ForecastForm
from comity.rates.models import CostModel, Forecast, RateVersion
from comity.rates.services import derivation, wording
from comity.rates.services.allocation import reckon
from comity.rates.services.costs import drop
from comity.rates.views.costs import Crumbs, add, crumbs, edit, shown, year_or_404
from comity.services.models import Offering
from comity.ui.money import plain_dollars, price


@requires(READ)
@require_safe
def forecasts(request: Request, pk: int) -> HttpResponseBase:
    year = year_or_404(request, pk)
    found, base = reckon(year), reckon(year.copied_from) if year.copied_from else None
    new = reverse("rates:add_forecast", args=[pk]), _("Add a forecast")
    return shown(
        request,
        cost_tables.forecasts_table(request, found, base),
        _("Forecasts of %(year)s") % {"year": year},
        new,
        crumbs=crumbs(year),
        profile="" if year.is_what_if else "forecasts",
        problem=found.problem,
    )


@requires(READ)
@require_safe
def forecast(request: Request, pk: int) -> HttpResponse:
    """A rate as arithmetic: where each number is from, and what a wrong forecast would cost."""
    found = _forecast(request, pk)
    costs, problem, rate = reckon(found.model), "", None
    try:
        rate = costs.rate(found)
    except DomainError as error:
        problem = str(error)
    derived = derivation.of(found, costs) if rate else {}
    rates = RateVersion.objects.visible_to(request.user).approved()
    resting = rates.filter(model=found.model_id, offering=found.offering_id)
    context = {
        "forecast": found,
        "rate": rate,
        "problem": problem,
        "arithmetic": cost_pictures.arithmetic(derived) if derived else None,
        "behind": cost_pictures.behind(derived) if derived else None,
        "chart": cost_pictures.sensitivity(rate) if rate else None,
        "market": _against_market(rate.price, found.market_price) if rate and found.market_price else "",
        "rates": [(each, derivation.changed(each.derivation, derived)) for each in resting],
        "crumbs": _above(found.model),
        "propose": _proposing(found, rate) if rate and not found.model.is_what_if else "",
        "plan": wording.price_words(RateVersion(plan=found.plan)) if found.plan else "",
        "may_edit": request.user.can(EDIT),
    }
    return render(request, "rates/forecast.html", context)


@requires(EDIT)
def add_forecast(request: Request, pk: int) -> HttpResponse:
    year = year_or_404(request, pk)
    form = ForecastForm(request.POST or None, initial={"offering": request.GET.get("offering", "")})
    return add(request, form, FormPage(_("Add a forecast"), crumbs=_above(year)), model=year)


@requires(EDIT)
def edit_forecast(request: Request, pk: int) -> HttpResponse:
    found = _forecast(request, pk)
    above = [*_above(found.model), (str(found), found.get_absolute_url())]
    return edit(request, ForecastForm(request.POST or None, instance=found), found, above)


@requires(EDIT)
@require_POST
def remove_forecast(request: Request, pk: int) -> HttpResponse:
    found = _forecast(request, pk)
    told = _("“%(name)s” is removed.") % {"name": found}
    to = reverse("rates:forecasts", args=[found.model_id])
    return act(request, lambda: drop(found, by=request.user), told=told, to=to)


def _proposing(forecast: Forecast, rate: Rate) -> str:
    """Where the rate is proposed, with all that is known of it; what is allocated is a year's amount to be split."""
    begins = FiscalYear(forecast.model.fiscal_year, current_office().fiscal_year_start).first_day
    told: dict[str, Any] = {
        "offering": forecast.offering_id,
        "model": forecast.model_id,
        "starts_on": begins.isoformat(),
    }
    if forecast.offering.funding == Offering.Funding.ALLOCATED:
        told |= {"pricing": "shared", "annual": plain_dollars(rate.to_recover)}
    else:
        told |= {"pricing": "flat", "price": rate.price}
    return f"{reverse('rates:propose')}?{urlencode(told)}"


def _against_market(ours: Decimal, theirs: Decimal) -> str:
    words = _("Ours is the same.")
    if ours != theirs:
        words = _("Ours is %(more)s more.") if ours > theirs else _("Ours is %(more)s less.")
    return words % {"more": price(abs(ours - theirs))}


def _forecast(request: Request, pk: int) -> Forecast:
    rows = Forecast.objects.visible_to(request.user).select_related("model__copied_from", "offering__service")
    found: Forecast = get_object_or_404(rows, pk=pk)
    return found


def _above(year: CostModel) -> Crumbs:
    return crumbs(year, (_("Forecasts"), reverse("rates:forecasts", args=[year.pk])))
