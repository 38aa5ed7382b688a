"""What this room says of a year's costs: pools, ledger lines, steps, forecasts. The office's alone, all of them."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from comity.imports.model_lists import Fact, list_of
from comity.imports.parsing import Lookup
from comity.nouns import Act, Area, Noun, Place
from comity.rates.capabilities import EDIT, READ
from comity.rates.models import CostModel, CostPool, Forecast, LedgerLine, Step
from comity.rates.services.costs import FORECASTS, LINES, POOLS, STEPS, YEARS
from comity.rates.services.what_if import TURNED
from comity.services.models import CostCenter, Offering, Service


def _year(said: object) -> str:
    """2027, FY 2027 and FY27 are one year."""
    digits = re.sub(r"\D", "", str(said))
    return f"20{digits}" if len(digits) == 2 else digits


YEAR = Fact(
    "model",
    ["fiscal_year", "year", "fy", "budget year"],
    names=Lookup(CostModel.objects.named, by=("name", "year"), keys={"year": _year}),
)

COSTS = (
    Noun(
        CostModel,
        plural=_("Costs"),
        page="rates:costs",
        office_only=True,
        actions=YEARS.actions | {TURNED: _("changed the costs of a what-if")},
        places=[
            Place(Area.MONEY, _("Costs"), "rates:years", READ, order=7),
            Place(Area.MONEY, _("Cost pools"), "rates:pools", READ, under="rates:years"),
        ],
        acts=[Act(_("Begin the costs of a year"), _("fiscal year, method"), "rates:add_year", EDIT)],
    ),
    Noun(
        CostPool,
        plural=_("Cost pools"),
        office_only=True,
        actions=POOLS.actions,
    ),
    Noun(
        LedgerLine,
        plural=_("Ledger lines"),
        office_only=True,
        actions=LINES.actions,
        traits=[
            list_of(
                LedgerLine,
                "ledger",
                label=_("Ledger lines"),
                to=EDIT,
                key=["model", "basis", "reference"],
                fields=[
                    YEAR,
                    Fact("basis", ["budget or actual", "ledger type"], spellings={"actuals": "actual"}),
                    Fact("reference", ["document", "document number", "journal", "journal id", "line id"]),
                    Fact("booked_on", ["posted", "posting date", "accounting date", "date"]),
                    Fact("object_code", ["object", "account", "account code", "natural account"]),
                    Fact("description", ["line description", "memo"]),
                    Fact(
                        "cost_center",
                        ["department", "org", "cost_center"],
                        names=Lookup(CostCenter.objects.all, by=("code", "name")),
                        strict=True,
                    ),
                    Fact(
                        "pool",
                        ["cost_pool"],
                        names=Lookup(CostPool.objects.all, by=("name",)),
                        required=False,
                        strict=True,
                        help=_("Left empty, it is the pool in which the object code was before."),
                    ),
                    Fact(
                        "service", ["only for"], names=Lookup(Service.objects.all, by=("name",)), strict=True
                    ),
                    Fact("amount_cents", ["amount", "dollars", "net amount"]),
                    Fact("unallowable", ["unallowable cost"], strict=True),
                ],
                page="rates:line",
                rows=lambda: LedgerLine.objects.select_related("model"),
                check=LINES.check,
            )
        ],
    ),
    Noun(
        Step,
        plural=_("Steps of overhead"),
        office_only=True,
        actions=STEPS.actions,
    ),
    Noun(
        Forecast,
        plural=_("Forecasts"),
        page="rates:forecast",
        office_only=True,
        actions=FORECASTS.actions,
        traits=[
            list_of(
                Forecast,
                "forecasts",
                label=_("Forecasts"),
                to=EDIT,
                key=["model", "offering"],
                fields=[
                    YEAR,
                    Fact(
                        "offering",
                        ["meter", "meter code", "code"],
                        names=Lookup(Offering.objects.all, by=("code", "name")),
                    ),
                    Fact("units", ["forecast", "forecast_units", "quantity"]),
                    Fact("weight", ["share"], strict=True),
                    Fact("carry_forward_cents", ["carry_forward"], strict=True),
                    Fact("market_price", ["market"]),
                    "market_source",
                ],
                page="rates:forecast",
                rows=lambda: Forecast.objects.select_related("model", "offering"),
                check=FORECASTS.check,
            )
        ],
    ),
)
