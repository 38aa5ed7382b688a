"""The lists: years, cost pools, the ledger and forecasts of a year, rates, driver figures. As CSV most come in again."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.core.fiscal import within
from comity.imports.pages import list_page
from comity.nouns import Words
from comity.office.services import today
from comity.partners.pickers import of_partners
from comity.people.access import Request, requires, row_or_404
from comity.rates.capabilities import EDIT, READ
from comity.rates.models.costs import CostModel, CostPool, Forecast, LedgerLine
from comity.rates.models.rates import Driver, DriverSnapshot, RateVersion
from comity.rates.services.allocation import Costs, reckon
from comity.rates.services.wording import price_words
from comity.services.models import CustomerClass, Offering, Service
from comity.ui.components.days import day
from comity.ui.components.signs import tag
from comity.ui.money import price
from comity.ui.tables import Choice, Column, Search, Table, Toggle, only_csv

Crumbs = list[tuple[Words, str]]
YEAR = Column("model", csv="fiscal_year", csv_only=True, value=lambda row: str(row.model))


def crumbs(*above: Any) -> Crumbs:
    """The way back to costs, by rows that have a page, and pairs of words and address."""
    return [(_("Costs"), reverse("rates:years")), *map(_crumb, above)]


def rate_crumbs(*above: RateVersion) -> Crumbs:
    return [(_("Rates"), reverse("rates:rates")), *map(_crumb, above)]


def figures_crumbs(*above: DriverSnapshot) -> Crumbs:
    return [(_("Driver figures"), reverse("rates:drivers")), *map(_crumb, above)]


def _crumb(one: Any) -> tuple[Words, str]:
    return one if isinstance(one, tuple) else (str(one), one.get_absolute_url())


def year_or_404(request: Request, pk: int) -> CostModel:
    return row_or_404(request, CostModel, pk, "copied_from")


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
    table = Table(
        request,
        CostPool.objects.visible_to(request.user),
        name="cost-pools",
        columns=[Column("name", link=request.user.can(EDIT)), Column("group"), Column("order")],
        default_sort="order",
        export_name="cost pools",
        empty=_("No cost pools yet."),
    )
    add = _("Add a pool"), reverse("rates:add_pool"), EDIT
    return list_page(request, table, _("Cost pools"), crumbs=crumbs(), add=add)


@requires(READ, "GET")
def lines(request: Request, pk: int) -> HttpResponseBase:
    """The ledger of a year."""
    year = year_or_404(request, pk)
    rows = LedgerLine.objects.visible_to(request.user).filter(model=year)
    table = Table(
        request,
        rows.select_related("model", "cost_center", "pool", "service"),
        name="ledger-lines",
        columns=[
            Column("reference", link=request.user.can(EDIT), whole=True),
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
    heading, add = _("Ledger of %(year)s"), (_("Add a line"), reverse("rates:add_line", args=[pk]), EDIT)
    profile = "" if year.is_what_if else "ledger"
    return list_page(request, table, heading % {"year": year}, crumbs=crumbs(year), add=add, profile=profile)


def _found(rows: Any, text: str) -> Any:
    said = Q(reference__icontains=text) | Q(description__icontains=text)
    return rows.filter(said | Q(object_code__istartswith=text))


def _left_out(line: LedgerLine) -> object:
    return tag(_("left out"), kind="none") if line.unallowable else ""


@requires(READ, "GET")
def forecasts(request: Request, pk: int) -> HttpResponseBase:
    """What follows from the costs of a year; of a what-if, beside the rates of the year it began with."""
    year = year_or_404(request, pk)
    costs, base = reckon(year), year.copied_from
    rows = Forecast.objects.visible_to(request.user).filter(model=year)
    table = Table(
        request,
        rows.select_related("model", "offering__service"),
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
            _prices("rate", _("Rate"), costs),
            *([_prices("before", str(base), reckon(base))] if base else []),
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


def _prices(key: str, label: str, costs: Costs) -> Column:
    """What costs give for each offering, where they give something."""
    known: dict[int, Decimal] = {}
    for each in costs.forecasts:
        with suppress(DomainError):
            known[each.offering_id] = costs.rate(each).price

    def of(row: Forecast) -> Decimal | None:
        return known.get(row.offering_id)

    return Column(key, label, value=lambda row: price(of(row)), csv_value=of, numeric=True)


def found_by_offering(rows: Any, text: str) -> Any:
    return rows.filter(offering__in=Offering.objects.search(text))


def state_sign(rate: RateVersion) -> SafeString:
    """Where a rate stands today, as a tag."""
    if rate.withdrawn_at:
        return tag(_("Withdrawn"), kind="none")
    if not rate.approved_at:
        return tag(_("Proposed"), kind="warn")
    if within(today(), rate.starts_on, rate.ends_on):
        return tag(_("In force"), kind="good")
    return tag(_("Coming") if rate.starts_on > today() else _("Ended"), kind="none")


def _state(rate: RateVersion) -> str:
    return "withdrawn" if rate.withdrawn_at else "approved" if rate.approved_at else "proposed"


@requires(READ, "GET")
def rates(request: Request) -> HttpResponseBase:
    table = Table(
        request,
        RateVersion.objects.visible_to(request.user).select_related("offering__service", "customer_class"),
        name="rates",
        columns=[
            Column("offering", link=RateVersion.get_absolute_url, csv_value=lambda row: row.offering.code),
            Column("offering.service", _("Service"), wide=True, csv="service"),
            Column("customer_class", wide=True),
            Column("price", _("Price"), value=price_words),
            Column("starts_on", whole=True),
            Column("ends_on", wide=True),
            Column("announced_on", wide=True),
            Column("state", _("State"), value=state_sign, csv_value=_state),
            *only_csv("why", "id"),
        ],
        filters=[
            Search("q", _("Find"), found_by_offering),
            Choice("service", _("Service"), Service.objects.all(), "offering__service"),
            Choice("class", _("Customer class"), CustomerClass.objects.all(), "customer_class"),
            Toggle("now", _("In force"), lambda rows: rows.on(today())),
            Toggle("proposed", _("Proposed"), lambda rows: rows.proposed()),
        ],
        views=[(_("In force"), "now=1"), (_("Proposed"), "proposed=1"), (_("All"), "")],
        default_sort="offering",
        empty=_("No rates yet."),
    )
    add = _("Propose a rate"), reverse("rates:propose"), EDIT
    return list_page(request, table, _("Rates"), add=add, profile=table.name)


@requires(READ, "GET")
def drivers(request: Request) -> HttpResponseBase:
    rows = DriverSnapshot.objects.visible_to(request.user).select_related("offering")
    table = Table(
        request,
        rows.annotate(count=Count("values"), total=Sum("values__amount")),
        name="driver-figures",
        columns=[
            Column("driver", link=True),
            Column("offering", _("Offering"), wide=True),
            Column("as_of"),
            Column("source", wide=True),
            Column("count", _("With figures"), numeric=True),
            Column("total", _("Total"), numeric=True),
            Column("used_at", _("Used")),
        ],
        filters=[Choice("driver", _("Driver"), Driver.choices, "driver")],
        default_sort="-as_of",
        empty=_("No driver figures yet."),
    )
    add = _("Begin new figures"), reverse("rates:add_figures"), EDIT
    return list_page(request, table, _("Driver figures"), add=add)


@requires(READ, "GET")
def figures(request: Request, pk: int) -> HttpResponseBase:
    """The figures of a day; what they give as CSV comes in again."""
    found = row_or_404(request, DriverSnapshot, pk, "offering")
    table = Table(
        request,
        found.values.select_related("partner"),
        name="driver-values",
        columns=[
            Column("partner", link=True, csv_value=lambda row: row.partner.code or row.partner.name),
            Column("amount"),
            Column("starts_on", wide=True),
            Column("ends_on", wide=True),
        ],
        filters=[of_partners()],
        default_sort="partner",
        export_name=f"figures-{found.driver}-{found.as_of}",
        empty=_("No figures yet. Import a list with a partner and an amount in each line."),
    )
    of = f" · {found.offering}" if found.offering else ""
    stay = f" · {_('Bills were split by these figures, so they stay.')}" if found.used_at else ""
    remove = _("Remove"), reverse("rates:remove_figures", args=[pk]), EDIT
    return list_page(
        request,
        table,
        f"{found.get_driver_display()}{of}, {day(found.as_of)}",
        lead=f"{found.source}{stay}",
        crumbs=figures_crumbs(),
        acts=[] if found.used_at else [remove],
        profile="" if found.used_at else "driver-figures",
        about={"snapshot": pk},
    )
