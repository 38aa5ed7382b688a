"""Lists of a year's costs; what they give as CSV comes in again."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.core.errors import DomainError
from comity.partners.models import Partner
from comity.people.access import Request
from comity.rates.capabilities import EDIT
from comity.rates.models import CostModel, CostPool, Forecast, LedgerLine
from comity.rates.services.allocation import Costs
from comity.rates.services.effects import Effects
from comity.services.models import Offering, Service
from comity.ui.components.signs import tag
from comity.ui.money import money, plain_dollars, price, signed
from comity.ui.tables import Choice, Column, Search, Table, Toggle


def _dollars(key: str, label: str) -> Column:
    """A column of cents that the database added up."""
    return Column(
        f"{key}_cents",
        label,
        value=lambda row: money(getattr(row, f"{key}_cents")),
        sort=f"{key}_cents",
        numeric=True,
        csv=key,
        csv_value=lambda row: plain_dollars(getattr(row, f"{key}_cents")),
    )


YEAR = Column("model", csv="fiscal_year", csv_only=True, value=lambda row: str(row.model))


def years_table(request: Request) -> Table:
    def summed(basis: str) -> Sum:
        return Sum("lines__amount_cents", filter=Q(lines__basis=basis, lines__unallowable=False))

    rows = CostModel.objects.visible_to(request.user).select_related("copied_from", "made_by")
    may_edit = request.user.can(EDIT)
    return Table(
        request,
        rows.annotate(budget_cents=summed("budget"), actual_cents=summed("actual")),
        name="costs",
        columns=[
            Column("name", _("Costs of"), value=str, link=True, sort=("fiscal_year", "pk")),
            Column("copied_from", _("What if of"), wide=True),
            Column("method"),
            _dollars("budget", _("Budget")),
            _dollars("actual", _("Actual")),
            Column("made_by", _("Made by"), wide=True),
        ],
        filters=[
            Toggle("what-if", _("What-ifs only"), lambda rows: rows.exclude(copied_from=None)),
        ],
        default_sort="-name",
        export_name="costs",
        empty=_("No costs yet. They begin with a fiscal year, and its ledger comes in as a list."),
        empty_url=reverse("rates:add_year") if may_edit else "",
        empty_action=_("Begin a year") if may_edit else "",
    )


def pools_table(request: Request) -> Table:
    may_edit = request.user.can(EDIT)
    return Table(
        request,
        CostPool.objects.visible_to(request.user),
        name="cost-pools",
        columns=[
            Column(
                "name", link=(lambda row: reverse("rates:edit_pool", args=[row.pk])) if may_edit else None
            ),
            Column("group"),
            Column("order"),
        ],
        default_sort="order",
        export_name="cost pools",
        empty=_("No cost pools yet."),
    )


def lines_table(request: Request, model: CostModel) -> Table:
    may_edit = request.user.can(EDIT)
    reference = Column("reference", link=True if may_edit else None, whole=True)
    return Table(
        request,
        LedgerLine.objects.visible_to(request.user)
        .filter(model=model)
        .select_related("model", "cost_center", "pool", "service"),
        name="ledger-lines",
        columns=[
            reference,
            YEAR,
            Column("basis"),
            Column("booked_on", wide=True),
            Column("object_code", whole=True),
            Column("description", wide=True),
            Column(
                "cost_center",
                value=lambda row: row.cost_center and row.cost_center.code,
                csv_only=True,
            ),
            Column("pool"),
            Column("service", _("Only for")),
            Column(
                "unallowable", _("Unallowable"), value=_unallowable, csv_value=lambda row: row.unallowable
            ),
            Column("amount_cents"),
        ],
        filters=[
            Search("q", _("Find"), _found),
            Choice("basis", _("Basis"), LedgerLine.Basis.choices, "basis"),
            Choice("pool", _("Cost pool"), lambda: CostPool.objects.values_list("pk", "name"), "pool"),
            Choice("service", _("Only for"), lambda: Service.objects.values_list("pk", "name"), "service"),
            Toggle("shared", _("No service’s own"), lambda rows: rows.filter(service=None)),
            Toggle("unallowable", _("Unallowable"), lambda rows: rows.filter(unallowable=True)),
            Toggle("allowable", _("Allowable"), lambda rows: rows.filter(unallowable=False)),
        ],
        default_sort="reference",
        export_name=f"ledger {model}",
        empty=_("No ledger lines yet. Bring in a file of the ledger."),
    )


def _found(rows: Any, text: str) -> Any:
    return rows.filter(
        Q(reference__icontains=text) | Q(description__icontains=text) | Q(object_code__istartswith=text)
    )


def _unallowable(line: LedgerLine) -> Any:
    return tag(_("left out"), kind="none") if line.unallowable else ""


def forecasts_table(request: Request, costs: Costs, base: Costs | None) -> Table:
    """base: of a what-if, the costs it began with."""
    before = {each.offering_id: _rate(base, each) for each in base.forecasts} if base else {}
    rates = {each.pk: _rate(costs, each) for each in costs.forecasts}
    rows: QuerySet[Any] = Forecast.objects.visible_to(request.user).filter(model=costs.model)
    return Table(
        request,
        rows.select_related("model", "offering__service"),
        name="forecasts",
        columns=[
            Column("offering", link=lambda row: row.get_absolute_url(), sort="offering__sort_name"),
            Column("offering.service", _("Service"), sort=("offering__service__sort_name", "pk")),
            YEAR,
            Column("code", csv="meter", csv_only=True, value=lambda row: row.offering.code),
            Column("units"),
            Column("offering.unit", _("Counted per"), wide=True),
            Column("weight", _("Share"), wide=True),
            Column("carry_forward_cents", wide=True),
            _price("rate", _("Rate"), lambda row: rates.get(row.pk)),
            *([_price("before", str(base.model), lambda row: before.get(row.offering_id))] if base else []),
            _price("market_price", _("Market"), lambda row: row.market_price),
            Column("market_source", csv_only=True),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.filter(offering__in=Offering.objects.search(text)))
        ],
        default_sort="offering.service",
        export_name=f"forecasts {costs.model}",
        empty=_("No forecasts yet. A rate is the cost of an offering by the units it is expected to sell."),
    )


def effects_table(request: Request, found: Effects) -> Table:
    """What each partner would pay."""
    ways = [(_("Today’s rates"), "before"), (_("These rates"), "after"), (_("Change"), "more")]

    def column(label: str, name: str) -> Column:
        def cents(row: Partner) -> int:
            return int(getattr(found.partners[row.pk], name))

        said = signed if name == "more" else money
        return Column(
            name,
            label,
            value=lambda row: said(cents(row)),
            numeric=True,
            csv_value=lambda row: plain_dollars(cents(row)),
        )

    return Table(
        request,
        Partner.objects.visible_to(request.user).filter(pk__in=found.partners),
        name="effects",
        columns=[Column("name", link=True), Column("code"), *(column(*way) for way in ways)],
        filters=[Search("q", _("Find"), lambda rows, text: rows.search(text))],
        default_sort="name",
        export_name="what each bill would change by",
        empty=_("Nothing was billed in these months."),
    )


def _rate(costs: Costs, forecast: Forecast) -> Decimal | None:
    try:
        return costs.rate(forecast).price
    except DomainError:
        return None


def _price(key: str, label: str, of: Callable[[Any], Decimal | None]) -> Column:
    return Column(key, label, value=lambda row: price(of(row)), sort="", numeric=True, csv_value=of)
