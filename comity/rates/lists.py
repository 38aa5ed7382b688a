"""What comes in as a list: a year's ledger and its forecasts, driver figures, and rates, each new one a proposal."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.core.billing.plans import PlanError, plain
from comity.core.billing.price_lists import read_price
from comity.core.errors import DomainError
from comity.imports.model_lists import Fact, list_of
from comity.imports.models import Import
from comity.imports.parsing import CellError, Lookup
from comity.imports.profiles import Profile
from comity.partners.importing.fields import PARTNER
from comity.rates.capabilities import EDIT
from comity.rates.models import CostModel, CostPool, DriverSnapshot, DriverValue, Forecast, LedgerLine
from comity.rates.models.rates import Driver, RateVersion
from comity.rates.services.costs import USED, check_forecast, check_line, check_value
from comity.rates.services.proposing import check_rate
from comity.rates.services.wording import price_words
from comity.services.models import CostCenter, CustomerClass, Offering, Service
from comity.ui.fields import sentences
from comity.ui.widgets import DateInput


def _year(said: object) -> str:
    """2027, FY 2027 and FY27 are one year."""
    digits = re.sub(r"\D", "", str(said))
    return f"20{digits}" if len(digits) == 2 else digits


YEAR = Fact(
    "model",
    ["fiscal_year", "year", "fy", "budget year"],
    names=Lookup(CostModel.objects.named, by=("name", "year"), keys={"year": _year}),
)
LEFT_EMPTY = _l("Left empty, it is the pool in which the object code was before.")
POOLS = Lookup(CostPool.objects.all, by=("name",))
POOL = Fact("pool", ["cost_pool"], names=POOLS, required=False, strict=True, help=LEFT_EMPTY)
CENTER = Lookup(CostCenter.objects.all, by=("code", "name"))
LEDGER = list_of(
    LedgerLine,
    "ledger",
    label=_l("Ledger lines"),
    to=EDIT,
    key=["model", "basis", "reference"],
    fields=[
        YEAR,
        Fact("basis", ["budget or actual", "ledger type"], spellings={"actuals": "actual"}),
        Fact("reference", ["document", "document number", "journal", "journal id", "line id"]),
        Fact("booked_on", ["posted", "posting date", "accounting date", "date"]),
        Fact("object_code", ["object", "account", "account code", "natural account"]),
        Fact("description", ["line description", "memo"]),
        Fact("cost_center", ["department", "org", "cost_center"], names=CENTER, strict=True),
        POOL,
        Fact("service", ["only for"], names=Lookup(Service.objects.all, by=("name",)), strict=True),
        Fact("amount_cents", ["amount", "dollars", "net amount"]),
        Fact("unallowable", ["unallowable cost"], strict=True),
    ],
    check=check_line,
)
METER = Lookup(Offering.objects.all, by=("code", "name"))
FORECASTS = list_of(
    Forecast,
    "forecasts",
    label=_l("Forecasts"),
    to=EDIT,
    key=["model", "offering"],
    fields=[
        YEAR,
        Fact("offering", ["meter", "meter code", "code"], names=METER),
        Fact("units", ["forecast", "forecast_units", "quantity"]),
        Fact("weight", ["share"], strict=True),
        Fact("carry_forward_cents", ["carry_forward"], strict=True),
        Fact("market_price", ["market"]),
        "market_source",
    ],
    rows=lambda: Forecast.objects.select_related("offering"),
    check=check_forecast,
)


# --- driver figures ---


def _open() -> list[tuple[str, str]]:
    """Those that may still change."""
    rows = DriverSnapshot.objects.filter(used_at=None).select_related("offering").order_by("-as_of", "pk")
    return [(str(row.pk), str(row)) for row in rows]


class FiguresForm(forms.Form):
    """Which figures a file has."""

    snapshot = forms.ChoiceField(label=_l("Figures"), choices=_open)


def _figures(batch: Import | None = None) -> Profile:
    """A partner and its amount a line; of a file, into the figures that were named."""
    snapshot = DriverSnapshot.objects.get(pk=batch.about["snapshot"]) if batch else DriverSnapshot()

    def check(value: DriverValue) -> None:
        value.snapshot = snapshot
        check_value(value)

    return list_of(
        DriverValue,
        "driver-figures",
        label=_l("Driver figures"),
        to=EDIT,
        key=["partner"],
        fields=[
            Fact("partner", ["code", "agency"], names=PARTNER),
            Fact("amount", ["headcount", "fte", "employees", "share", "weight"]),
            Fact("starts_on", ["joined"]),
            Fact("ends_on", ["left"]),
        ],
        page="rates:drivers",
        rows=lambda: DriverValue.objects.filter(snapshot=snapshot.pk).select_related("partner"),
        check=check,
        about=FiguresForm,
        told=_figures,
        stays=lambda: str(USED) if snapshot.used_at else "",
    )


# --- rates ---

Basis = RateVersion.Basis
SAID = ("basis", "plan", "annual_cents", "driver", "starts_on", "ends_on", "announced_on", "why", "evidence")


class RatesForm(forms.Form):
    """What holds for rows that do not say it themselves."""

    why = sentences(_l("What changed, and why"), required=False)
    announced_on = forms.DateField(label=_l("Announced on"), required=False, widget=DateInput)


def read(cell: str) -> dict[str, Any]:
    """The facts of a rate that a price in words says. Raises CellError."""
    try:
        said = read_price(cell)
    except PlanError as error:
        raise CellError(str(error)) from None
    if said.plan:
        basis = Basis.COST if said.of_cost else Basis.UNITS
        return {"basis": basis, "plan": plain(said.plan), "annual_cents": None, "driver": ""}
    drivers = {words.lower(): value for value, label in Driver.choices for words in (value, str(label))}
    if said.split_by not in drivers:
        words = _("“%(text)s” is not what an amount can be split by.")
        raise CellError(words % {"text": said.split_by[:80]})
    driver = drivers[said.split_by]
    return {"basis": Basis.SHARED, "plan": None, "annual_cents": said.annual_cents, "driver": driver}


LABEL = _l("Price")
PRICE = Fact(
    "plan", ["price", "rate"], label=LABEL, parse=read, words=price_words, required=True, strict=True
)
STANDING = Lookup(Offering.objects.standing, by=("code",))


def _rates(batch: Import | None = None) -> Profile:
    """Rates; of a file, by whom they are proposed and what was said of it."""
    about = batch.about if batch else {}

    def check(rate: RateVersion) -> None:
        if rate.plan and "basis" in rate.plan:
            for name, value in rate.plan.items():
                setattr(rate, name, value)
        known = RateVersion.objects.filter(pk=rate.pk).first()
        if known and known.approved_at:
            if _differs(rate, known):
                raise DomainError(_("An approved rate cannot be changed. Propose another that follows it."))
            return
        rate.why = rate.why or about.get("why") or ""
        if rate.announced_on is None and about.get("announced_on"):
            rate.announced_on = date.fromisoformat(str(about["announced_on"]))
        if known is None or _differs(rate, known):
            if batch is None or batch.by_id is None:
                raise DomainError(_("Somebody has to propose a rate. Say who you are."))
            rate.proposed_by_id = batch.by_id  # whoever changes a proposal proposes it
        check_rate(rate)

    return list_of(
        RateVersion,
        "rates",
        label=_l("Rates"),
        to=EDIT,
        key=["offering", "customer_class", "starts_on"],
        fields=[
            Fact("offering", ["meter", "meter code", "code", "sku"], names=STANDING),
            Fact("customer_class", ["class"], names=Lookup(CustomerClass.objects.all, by=("name",))),
            PRICE,
            Fact("starts_on", ["from", "effective", "effective from"]),
            Fact("ends_on", ["to", "effective to"]),
            Fact("announced_on", ["announced"]),
            Fact("why", ["reason"], required=False),
            "evidence",
        ],
        rows=lambda: RateVersion.objects.filter(withdrawn_at=None).select_related("offering"),
        check=check,
        about=RatesForm,
        told=_rates,
    )


def _differs(rate: RateVersion, known: RateVersion) -> bool:
    return any(getattr(known, name) != getattr(rate, name) for name in SAID)


FIGURES, RATES = _figures(), _rates()
