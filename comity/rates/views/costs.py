"""A year's costs: the list of years, the page of one, its ledger lines, the cost pools, and what bills would change by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.core.billing.effects import Effects
from comity.core.errors import DomainError
from comity.core.fiscal import FiscalYear
from comity.imports.pages import list_page
from comity.nouns import Words
from comity.office.services import current_office, today, words
from comity.partners.models import Partner
from comity.people.access import Request, requires, row_or_404
from comity.rates import cost_pictures
from comity.rates.capabilities import EDIT, READ
from comity.rates.models import CostModel, CostPool, LedgerLine
from comity.rates.periods import closed_until
from comity.rates.services.allocation import BUDGET, reckon
from comity.rates.services.what_if import effects_of
from comity.services.models import Offering, Service
from comity.ui.components.signs import tag
from comity.ui.money import signed
from comity.ui.tables import Choice, Column, Search, Table, Toggle, cents_column

LAST_YEAR = "year"
MOST_SHOWN = 10  # partners whose bills would change most
Crumbs = list[tuple[Words, str]]
YEAR = Column("model", csv="fiscal_year", csv_only=True, value=lambda row: str(row.model))


def year_or_404(request: Request, pk: int) -> CostModel:
    return row_or_404(request, CostModel, pk, "copied_from")


def crumbs(*above: Any) -> Crumbs:
    """The way back by rows that have a page, and pairs of words and address."""
    named = (one if isinstance(one, tuple) else (str(one), one.get_absolute_url()) for one in above)
    return [(_("Costs"), reverse("rates:years")), *named]


@requires(READ, "GET")
def years(request: Request) -> HttpResponseBase:
    def summed(basis: str) -> Sum:
        return Sum("lines__amount_cents", filter=Q(lines__basis=basis, lines__unallowable=False))

    rows = CostModel.objects.visible_to(request.user).select_related("copied_from", "made_by")
    table = Table(
        request,
        rows.annotate(budget_cents=summed("budget"), actual_cents=summed("actual")),
        name="costs",
        columns=[
            Column("name", _("Costs of"), value=str, link=True, sort=("fiscal_year", "pk")),
            Column("copied_from", _("What if of"), wide=True),
            Column("method"),
            Column("budget_cents", _("Budget"), sort="budget_cents"),
            Column("actual_cents", _("Actual"), sort="actual_cents"),
            Column("made_by", _("Made by"), wide=True),
        ],
        filters=[Toggle("what-if", _("What-ifs only"), lambda rows: rows.exclude(copied_from=None))],
        default_sort="-name",
        empty=_("No costs yet. They begin with a fiscal year, and its ledger comes in as a list."),
    )
    add = _("Begin a year"), reverse("rates:add_year"), EDIT
    acts = [(_("Cost pools"), reverse("rates:pools"), READ)]
    return list_page(request, table, _("What a year costs"), add=add, acts=acts)


@requires(READ, "GET")
def pools(request: Request) -> HttpResponseBase:
    may_edit = request.user.can(EDIT)
    table = Table(
        request,
        CostPool.objects.visible_to(request.user),
        name="cost-pools",
        columns=[Column("name", link=True if may_edit else None), Column("group"), Column("order")],
        default_sort="order",
        export_name="cost pools",
        empty=_("No cost pools yet."),
    )
    add = _("Add a pool"), reverse("rates:add_pool"), EDIT
    return list_page(request, table, _("Cost pools"), crumbs=crumbs(), add=add)


@requires(READ, "GET")
def lines(request: Request, pk: int) -> HttpResponseBase:
    """The ledger of a year; what it gives as CSV comes in again."""
    year = year_or_404(request, pk)
    rows = LedgerLine.objects.visible_to(request.user).filter(model=year)
    table = Table(
        request,
        rows.select_related("model", "cost_center", "pool", "service"),
        name="ledger-lines",
        columns=[
            Column("reference", link=True if request.user.can(EDIT) else None, whole=True),
            YEAR,
            Column("basis"),
            Column("booked_on", wide=True),
            Column("object_code", whole=True),
            Column("description", wide=True),
            Column("cost_center.code", csv="cost_center", csv_only=True),
            Column("pool"),
            Column("service", _("Only for")),
            Column("unallowable", value=_left_out, csv_value=lambda row: row.unallowable),
            Column("amount_cents"),
        ],
        filters=[
            Search("q", _("Find"), _found),
            Choice("basis", _("Basis"), LedgerLine.Basis.choices, "basis"),
            Choice("pool", _("Cost pool"), CostPool.objects.all(), "pool"),
            Choice("service", _("Only for"), Service.objects.all(), "service"),
            Toggle("shared", _("No service’s own"), lambda rows: rows.filter(service=None)),
            Toggle("unallowable", _("Unallowable"), lambda rows: rows.filter(unallowable=True)),
            Toggle("allowable", _("Allowable"), lambda rows: rows.filter(unallowable=False)),
        ],
        default_sort="reference",
        export_name=f"ledger {year}",
        empty=_("No ledger lines yet. Bring in a file of the ledger."),
    )
    heading = _("Ledger of %(year)s") % {"year": year}
    add = _("Add a line"), reverse("rates:add_line", args=[pk]), EDIT
    profile = "" if year.is_what_if else "ledger"
    return list_page(request, table, heading, crumbs=crumbs(year), add=add, profile=profile)


def _found(rows: Any, text: str) -> Any:
    said = Q(reference__icontains=text) | Q(description__icontains=text)
    return rows.filter(said | Q(object_code__istartswith=text))


def _left_out(line: LedgerLine) -> object:
    return tag(_("left out"), kind="none") if line.unallowable else ""


@requires(READ, "GET")
def costs(request: Request, pk: int) -> HttpResponse:
    """One year: where its costs come from, how they are passed on, and what each service costs in the end."""
    year = year_or_404(request, pk)
    basis = LedgerLine.Basis.ACTUAL if request.GET.get("basis") == "actual" else BUDGET
    found = reckon(year, basis)
    base = reckon(year.copied_from, basis) if year.copied_from else None
    context = {
        "year": year,
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
    begins = current_office().fiscal_year_start
    if by_year:
        over = FiscalYear(FiscalYear.of(today(), begins).ends_in - 1, begins)
        return over.first_day, over.last_day
    last = closed_until() or today().replace(day=1) - timedelta(days=1)
    after = last + timedelta(days=1)
    return after.replace(year=after.year - 1), last
