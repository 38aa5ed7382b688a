"""What if: every partner's bills at the rates of a year's costs against today's, and plans to try."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.core.errors import DomainError
from comity.core.fiscal import FiscalYear
from comity.editing.answering import FormPage, act, answer
from comity.office.services import current_office, today
from comity.people.access import Request, requires
from comity.rates import cost_pictures, cost_tables
from comity.rates.capabilities import EDIT, READ
from comity.rates.forms.rates import PlanForm, Pricing, pricing_of
from comity.rates.models import Forecast, RateVersion
from comity.rates.periods import closed_until
from comity.rates.services.costs import mend
from comity.rates.services.effects import Effects, effects
from comity.rates.views.costs import crumbs, year_or_404
from comity.rates.views.rates import ask_pricing

LAST_YEAR = "year"


@requires(READ)
@require_safe
def bills(request: Request, pk: int) -> HttpResponseBase:
    """What each partner would pay more or less, of what it used in the last twelve months or fiscal year."""
    year, problem = year_or_404(request, pk), ""
    found = Effects({}, {}, frozenset())
    by_year = request.GET.get("of") == LAST_YEAR
    first, last = _span(by_year=by_year)
    try:
        found = effects(year, first, last)
    except DomainError as error:
        problem = str(error)
    spans = [(_("Last 12 months"), "?", not by_year), (_("Last fiscal year"), f"?of={LAST_YEAR}", by_year)]
    context = {
        "year": year,
        "crumbs": crumbs(year),
        "problem": problem,
        "together": found.together,
        "less": -found.together.more,
        "spans": spans,
        "first": first,
        "last": last,
        "most": cost_pictures.most_changed(found),
        "offerings": cost_pictures.changed_offerings(found),
        "without": cost_pictures.names_of(found.without),
    }
    return cost_tables.effects_table(request, found).respond("rates/bills.html", context)


def _span(*, by_year: bool) -> tuple[date, date]:
    """The last twelve months for which bills are issued, or the last fiscal year that is over."""
    begins = current_office().fiscal_year_start
    if by_year:
        over = FiscalYear(FiscalYear.of(today(), begins).ends_in - 1, begins)
        return over.first_day, over.last_day
    last = closed_until() or today().replace(day=1) - timedelta(days=1)
    after = last + timedelta(days=1)
    return after.replace(year=after.year - 1), last


@requires(EDIT)
def try_plan(request: Request, pk: int) -> HttpResponse:
    """Another price plan for an offering, as a rate would be proposed; of a what-if alone."""
    forecast = _forecast(request, pk)
    asked = RateVersion(offering=forecast.offering, plan=forecast.plan)
    way = request.GET.get("pricing", pricing_of(asked) if forecast.plan else "")
    above = crumbs(forecast.model, (str(forecast), forecast.get_absolute_url()))
    ways = [Pricing.FLAT, Pricing.GRADUATED, Pricing.VOLUME, Pricing.PACKAGE]
    if way not in ways:
        return ask_pricing(request, above, ways)
    form = PlanForm(request.POST or None, instance=asked, pricing=Pricing(way))
    return answer(
        request,
        form,
        lambda: mend(forecast, {"plan": form.cleaned_data["plan"]}, by=request.user),
        page="rates/plan.html",
        context={"page": FormPage(_("Try another plan"), lead=Pricing(way).label, crumbs=above)},
        told=_("Saved."),
        also=[form.tiers] if form.tiers else [],
        sent=request.method == "POST" and "more" not in request.POST,
    )


@requires(EDIT)
@require_POST
def drop_plan(request: Request, pk: int) -> HttpResponse:
    forecast = _forecast(request, pk)
    told = _("The price is what costs give.")
    return act(request, lambda: mend(forecast, {"plan": None}, by=request.user), told=told, to=forecast)


def _forecast(request: Request, pk: int) -> Forecast:
    rows = Forecast.objects.visible_to(request.user).exclude(model__copied_from=None)
    found: Forecast = get_object_or_404(rows.select_related("model", "offering__service"), pk=pk)
    return found
