"""Forecasts of a year, the rate that follows from each, and in a what-if the price plans to try."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.core.billing.rates import Rate
from comity.core.errors import DomainError
from comity.core.fiscal import FiscalYear
from comity.editing.answering import FormPage, act
from comity.imports.pages import list_page
from comity.office.services import current_office
from comity.people.access import Request, requires
from comity.rates import cost_pictures
from comity.rates.capabilities import EDIT, READ
from comity.rates.forms.rates import PlanForm, Pricing, pricing_of
from comity.rates.models import Forecast, RateVersion
from comity.rates.services import derivation, wording
from comity.rates.services.allocation import Costs, reckon
from comity.rates.services.costs import FORECASTS
from comity.rates.views.costs import YEAR, crumbs, year_or_404
from comity.rates.views.keeping import FORECAST
from comity.rates.views.rates import answer_priced, ask_pricing, found_by_offering
from comity.services.models import Offering
from comity.ui.money import plain_dollars, price
from comity.ui.tables import Column, Search, Table

WAYS = (Pricing.FLAT, Pricing.GRADUATED, Pricing.VOLUME, Pricing.PACKAGE)  # that may be tried


@requires(READ, "GET")
def forecasts(request: Request, pk: int) -> HttpResponseBase:
    """What they give as CSV comes in again; of a what-if, beside the rates of the year it began with."""
    year = year_or_404(request, pk)
    costs = reckon(year)
    rates = [_price("rate", _("Rate"), _prices(costs).get)]
    if year.copied_from:
        rates.append(_price("before", str(year.copied_from), _prices(reckon(year.copied_from)).get))
    table = Table(
        request,
        Forecast.objects.visible_to(request.user)
        .filter(model=year)
        .select_related("model", "offering__service"),
        name="forecasts",
        columns=[
            Column("offering", link=lambda row: row.get_absolute_url(), sort="offering__sort_name"),
            Column("offering.service", _("Service"), sort=("offering__service__sort_name", "pk")),
            YEAR,
            Column("offering.code", csv="meter", csv_only=True),
            Column("units"),
            Column("offering.unit", _("Counted per"), wide=True),
            Column("weight", _("Share"), wide=True),
            Column("carry_forward_cents", wide=True),
            *rates,
            Column("market_price", _("Market"), value=lambda row: price(row.market_price), numeric=True),
            Column("market_source", csv_only=True),
        ],
        filters=[Search("q", _("Find"), found_by_offering)],
        default_sort="offering.service",
        export_name=f"forecasts {year}",
        empty=_("No forecasts yet. A rate is the cost of an offering by the units it is expected to sell."),
    )
    return list_page(
        request,
        table,
        _("Forecasts of %(year)s") % {"year": year},
        crumbs=crumbs(year),
        add=(_("Add a forecast"), reverse("rates:add_forecast", args=[pk]), EDIT),
        profile="" if year.is_what_if else "forecasts",
        problem=costs.problem,
    )


def _prices(costs: Costs) -> dict[int, Decimal]:
    """The price of each offering that has one."""
    found = {}
    for each in costs.forecasts:
        try:
            found[each.offering_id] = costs.rate(each).price
        except DomainError:
            continue
    return found


def _price(key: str, label: str, of: Callable[[int], Decimal | None]) -> Column:
    return Column(
        key,
        label,
        value=lambda row: price(of(row.offering_id)),
        numeric=True,
        csv_value=lambda row: of(row.offering_id),
    )


@requires(READ, "GET")
def forecast(request: Request, pk: int) -> HttpResponse:
    """A rate as arithmetic: where each number is from, and what a wrong forecast would cost."""
    found = FORECAST.row(request, pk)
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
        "crumbs": FORECAST.above(found),
        "propose": _proposing(found, rate) if rate and not found.model.is_what_if else "",
        "plan": wording.price_words(RateVersion(plan=found.plan)) if found.plan else "",
        "may_edit": request.user.can(EDIT),
    }
    return render(request, "rates/forecast.html", context)


def _proposing(forecast: Forecast, rate: Rate) -> str:
    """Where the rate is proposed, with all that is known of it; what is allocated is a year's amount to be split."""
    begins = FiscalYear(forecast.model.fiscal_year, current_office().fiscal_year_start).first_day
    said = {"pricing": "flat", "price": rate.price}
    if forecast.offering.funding == Offering.Funding.ALLOCATED:
        said = {"pricing": "shared", "annual_cents": plain_dollars(rate.to_recover)}
    said |= {"offering": forecast.offering_id, "model": forecast.model_id, "starts_on": begins}
    return f"{reverse('rates:propose')}?{urlencode(said)}"


def _against_market(ours: Decimal, theirs: Decimal) -> str:
    words = _("Ours is the same.")
    if ours != theirs:
        words = _("Ours is %(more)s more.") if ours > theirs else _("Ours is %(more)s less.")
    return words % {"more": price(abs(ours - theirs))}


# --- what if ---


@requires(EDIT)
def try_plan(request: Request, pk: int) -> HttpResponse:
    """Another price plan for an offering, as a rate would be proposed; of a what-if alone."""
    found = _tried(request, pk)
    asked = RateVersion(offering=found.offering, plan=found.plan)
    way = request.GET.get("pricing", pricing_of(asked) if found.plan else "")
    above = crumbs(found.model, found)
    if way not in WAYS:
        return ask_pricing(request, above, WAYS)
    form = PlanForm(request.POST or None, instance=asked, pricing=Pricing(way))
    return answer_priced(
        request,
        form,
        lambda: FORECASTS.mend(found, {"plan": form.cleaned_data["plan"]}, by=request.user),
        FormPage(_("Try another plan"), lead=Pricing(way).label, crumbs=above),
        _("Saved."),
    )


@requires(EDIT, "POST")
def drop_plan(request: Request, pk: int) -> HttpResponse:
    found = _tried(request, pk)
    told = _("The price is what costs give.")
    return act(request, lambda: FORECASTS.mend(found, {"plan": None}, by=request.user), told=told, to=found)


def _tried(request: Request, pk: int) -> Forecast:
    rows = Forecast.objects.visible_to(request.user).exclude(model__copied_from=None)
    found: Forecast = get_object_or_404(rows.select_related("model", "offering__service"), pk=pk)
    return found
