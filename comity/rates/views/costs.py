"""A year's costs and what follows from them: the page of a year, of a forecast, and what bills would change by.

What is kept of costs, each row on a form like the others; driver figures; and years, which ask what if as copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.core.billing.effects import Effects
from comity.core.billing.rates import Rate
from comity.core.errors import DomainError
from comity.core.fiscal import FiscalYear, year_until
from comity.editing.answering import FormPage, answer, drop, keep
from comity.editing.row_pages import RowPages
from comity.office.services import current_office, fiscal_year, today, words
from comity.partners.models import Partner
from comity.people.access import Request, requires, row_or_404
from comity.rates import cost_pictures, forms
from comity.rates.capabilities import EDIT, READ
from comity.rates.models import DriverSnapshot, Forecast, LedgerLine, RateVersion
from comity.rates.periods import closed_until
from comity.rates.services import derivation, what_if
from comity.rates.services.allocation import BUDGET, reckon
from comity.rates.services.costs import FIGURES, FORECASTS, LINES, POOLS, STEPS, YEARS
from comity.rates.services.what_if import effects_of
from comity.rates.services.wording import price_words
from comity.rates.views.lists import Crumbs, crumbs, figures_crumbs, year_or_404
from comity.services.models import Offering
from comity.ui.money import plain_dollars, price, signed
from comity.ui.tables import Column, Search, Table, cents_column

LAST_YEAR = "year"
MOST_SHOWN = 10  # partners whose bills would change most


@requires(READ, "GET")
def costs(request: Request, pk: int) -> HttpResponse:
    """One year: where its costs come from, how they are passed on, and what each service costs in the end."""
    year = year_or_404(request, pk)
    basis = LedgerLine.Basis.ACTUAL if request.GET.get("basis") == "actual" else BUDGET
    found = reckon(year, basis)
    base = reckon(year.copied_from, basis) if year.copied_from else None
    context = {
        "year": year,
        "crumbs": crumbs(*filter(None, [year.copied_from])),
        "costs": found,
        "more": found.total - base.total if base else 0,
        "chart": cost_pictures.flow_chart(found),
        "steps": cost_pictures.steps(found),
        "services": cost_pictures.services(found, base, basis),
        "sums": cost_pictures.sums(year),
        "bases": [(label, f"?basis={value}", value == basis) for value, label in LedgerLine.Basis.choices],
        "what_ifs": year.what_ifs.all(),
        "may_edit": request.user.can(EDIT),
    }
    return render(request, "rates/costs.html", context)


@requires(READ, "GET")
def forecast(request: Request, pk: int) -> HttpResponse:
    """A rate as arithmetic: where each number is from, and what a wrong forecast would cost."""
    found = FORECAST.row(request, pk)
    costs, problem, rate, derived = reckon(found.model), "", None, {}
    try:
        rate, derived = costs.rate(found), derivation.of(found, costs)
    except DomainError as error:
        problem = str(error)
    rates = RateVersion.objects.visible_to(request.user).approved()
    resting = rates.filter(model=found.model_id, offering=found.offering_id)
    context = {
        "forecast": found,
        "rate": rate,
        "problem": problem,
        "arithmetic": cost_pictures.arithmetic(derived),
        "behind": cost_pictures.behind(derived),
        "chart": cost_pictures.sensitivity(rate) if rate else None,
        "market": _against_market(rate.price, found.market_price) if rate and found.market_price else "",
        "rates": [(each, derivation.changed(each.derivation, derived)) for each in resting],
        "crumbs": FORECAST.crumbs(found),
        "propose": _proposing(found, rate) if rate and not found.model.is_what_if else "",
        "plan": price_words(RateVersion(plan=found.plan)) if found.plan else "",
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


@requires(READ, "GET")
def bills(request: Request, pk: int) -> HttpResponseBase:
    """What each partner would pay more or less, of what it used in the last twelve months or fiscal year."""
    year, problem, found = year_or_404(request, pk), "", Effects()
    by_year = request.GET.get("of") == LAST_YEAR
    first, last = _span(by_year=by_year)
    try:
        found = effects_of(year, first, last)
    except DomainError as error:
        problem = str(error)
    context = {
        "year": year,
        "crumbs": crumbs(year),
        "problem": problem,
        "together": found.together,
        "less": -found.together.more,
        "spans": [
            (_("Last 12 months"), "?", not by_year),
            (_("Last fiscal year"), f"?of={LAST_YEAR}", by_year),
        ],
        "first": first,
        "last": last,
        "most": cost_pictures.changes(words().Partner, Partner, found.partners, MOST_SHOWN),
        "offerings": cost_pictures.changes(_("Offering"), Offering, found.offerings),
        "without": ", ".join(map(str, Offering.objects.filter(pk__in=found.without))),
    }
    return _table(request, found).respond("rates/bills.html", context)


def _table(request: Request, found: Effects) -> Table:
    """What each partner would pay."""

    return Table(
        request,
        Partner.objects.visible_to(request.user).filter(pk__in=found.partners),
        name="effects",
        columns=[
            Column("name", link=True),
            Column("code"),
            cents_column("before", _("Today’s rates"), lambda row: found.partners[row.pk].before),
            cents_column("after", _("These rates"), lambda row: found.partners[row.pk].after),
            cents_column("more", _("Change"), lambda row: found.partners[row.pk].more, signed),
        ],
        filters=[Search("q", _("Find"), lambda rows, text: rows.search(text))],
        default_sort="name",
        export_name="what each bill would change by",
        empty=_("Nothing was billed in these months."),
    )


def _span(*, by_year: bool) -> tuple[date, date]:
    """The last twelve months for which bills are issued, or the last fiscal year that is over."""
    if by_year:
        over = fiscal_year(today()).before
        return over.first_day, over.last_day
    return year_until(closed_until() or today().replace(day=1) - timedelta(days=1))


# --- what is kept ---


@dataclass(frozen=True)
class Kept(RowPages):
    """Rows of a year, but for cost pools."""

    beside: Sequence[str] = ("model__copied_from",)

    def known(self, request: Any, of: int) -> Mapping[str, Any]:
        return {"model": year_or_404(request, of)} if of else {}

    def crumbs(self, row: Any) -> Crumbs:
        years = [row.model] if hasattr(row, "model_id") else []
        keys = [year.pk for year in years]
        return crumbs(*years, *([(self.heading, reverse(self.every, args=keys))] if self.every else []))


POOL = Kept(
    POOLS, forms.PoolForm, EDIT, "pool", _l("Add a cost pool"), _l("Cost pools"), "rates:pools", beside=()
)
LINE = Kept(LINES, forms.LineForm, EDIT, "line", _l("Add a ledger line"), _l("Ledger"), "rates:lines")
STEP = Kept(STEPS, forms.StepForm, EDIT, "step", _l("Pass a pool’s costs on"), template="rates/step.html")
LIST, PRICED = (_l("Forecasts"), "rates:forecasts"), ("model__copied_from", "offering__service")
FORECAST = Kept(
    FORECASTS, forms.ForecastForm, EDIT, "forecast", _l("Add a forecast"), *LIST, PRICED, has_page=True
)


@requires(EDIT)
def year(request: Request, pk: int = 0) -> HttpResponse:
    """Begin a year's costs, or change how they are passed on."""
    found = year_or_404(request, pk) if pk else None
    form = forms.YearForm(request.POST or None, instance=found)
    page = FormPage.of(found, _("Begin the costs of a year"), crumbs=crumbs(*filter(None, [found])))
    return keep(request, YEARS, form, page, to=lambda done: done, made_by=request.user)


@requires(EDIT)
def copy(request: Request, pk: int) -> HttpResponse:
    found, form = year_or_404(request, pk), forms.CopyForm(request.POST or None)
    lead = _("A copy of its costs, steps and forecasts, in which you may change anything. No bill knows it.")
    page = FormPage(_("What if?"), lead=lead, crumbs=crumbs(found), submit=_("Make a copy"))
    return answer(request, form, lambda: what_if.copy(found, by=request.user, **form.cleaned_data), page=page)


@requires(EDIT)
def turn(request: Request, pk: int) -> HttpResponse:
    found, form = year_or_404(request, pk), forms.TurnForm(request.POST or None)
    return answer(
        request,
        form,
        lambda: what_if.turn(found, by=request.user, **form.cleaned_data),
        page=FormPage(_("Costs so many percent more or less"), crumbs=crumbs(found), submit=_("Change them")),
        told=lambda count: _("%(count)s lines are changed.") % {"count": f"{count:,}"},
        to=found,
    )


@requires(EDIT)
def delete(request: Request, pk: int) -> HttpResponse:
    found = year_or_404(request, pk)
    lead = _("Its costs, steps and forecasts go with it. No rate and no bill rests on it.")
    return drop(request, YEARS, found, crumbs=crumbs(found), lead=lead, to="rates:years")


@requires(EDIT)
def begin_figures(request: Request) -> HttpResponse:
    form = forms.FiguresForm(request.POST or None)
    page = FormPage(_("Begin driver figures"), crumbs=figures_crumbs())
    told = _("Now import the list of partners and amounts.")
    return keep(request, FIGURES, form, page, told=told, to=lambda done: done)


@requires(EDIT)
def remove_figures(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, DriverSnapshot, pk, "offering")
    lead = _("All its amounts go with them.")
    return drop(request, FIGURES, found, crumbs=figures_crumbs(found), lead=lead, to="rates:drivers")
