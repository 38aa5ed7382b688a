"""How the permission matrix gets costs and rates: no partner's, and so the office's alone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone

from comity.partners.models import Partner
from comity.rates.models import CostModel, CostPool, DriverSnapshot, Forecast, LedgerLine, RateVersion, Step
from comity.services.models import Offering, Service
from comity.services.tests.matrix import offering_for
from comity.testing.cast import Cast
from comity.testing.matrix import Arguments, Subject


def _rate(cast: Cast, partner: Partner, **facts: Any) -> Arguments:
    """Of an offering that neither of the cast's partners may have."""
    service, _made = Service.objects.get_or_create(
        name=f"Rated for {partner.code}", defaults={"promise": "We run it.", "owner": cast.sol}
    )
    offering, _made = Offering.objects.get_or_create(
        code=f"RATE-{partner.code}",
        defaults={"service": service, "name": "Server", "unit": "device-month", "kinds": ["court"]},
    )
    plan = {"shape": "flat", "tiers": [{"up_to": None, "price": "4"}]}
    told = {"plan": plan, "why": "New", "starts_on": date(2027, 7, 1), "proposed_by": cast.finn}
    return (RateVersion.objects.create(offering=offering, **told, **facts).pk,)


def _year(cast: Cast, _partner: Partner) -> CostModel:
    found, _made = CostModel.objects.get_or_create(
        fiscal_year=2027, copied_from=None, defaults={"made_by": cast.finn}
    )
    return found


def _what_if(cast: Cast, partner: Partner) -> CostModel:
    facts = {"fiscal_year": 2027, "copied_from": _year(cast, partner), "made_by": cast.finn}
    return CostModel.objects.get_or_create(name="More engineers", defaults=facts)[0]


def _pool(_cast: Cast, partner: Partner) -> CostPool:
    return CostPool.objects.get_or_create(name=f"Pool {partner.code}")[0]


def _line(cast: Cast, partner: Partner) -> LedgerLine:
    facts = {"object_code": "6100", "pool": _pool(cast, partner), "amount_cents": 100_00}
    return LedgerLine.objects.get_or_create(
        model=_year(cast, partner),
        reference=partner.code,
        defaults={**facts, "service": _service(cast, partner)},
    )[0]


def _service(cast: Cast, partner: Partner) -> Any:
    return offering_for(cast, partner).service


def _step(cast: Cast, partner: Partner) -> Step:
    return Step.objects.get_or_create(model=_year(cast, partner), pool=_pool(cast, partner))[0]


def _forecast(cast: Cast, partner: Partner) -> Forecast:
    _line(cast, partner)
    return Forecast.objects.get_or_create(
        model=_year(cast, partner), offering=offering_for(cast, partner), defaults={"units": Decimal(10)}
    )[0]


def _tried(cast: Cast, partner: Partner) -> Forecast:
    """A forecast of a what-if."""
    return Forecast.objects.get_or_create(
        model=_what_if(cast, partner), offering=offering_for(cast, partner), defaults={"units": Decimal(10)}
    )[0]


def _subject(make: Any) -> Subject:
    def made(cast: Cast, partner: Partner) -> Arguments:
        row: Model = make(cast, partner)
        return (row.pk,)

    return Subject(made, office_only=True)


def _figures(_cast: Cast, partner: Partner) -> Arguments:
    """As of a day of their own, with a value of the partner."""
    found, _made = DriverSnapshot.objects.get_or_create(
        driver="headcount", as_of=date(2026, 1, 1) + timedelta(days=partner.pk), source="Payroll"
    )
    found.values.get_or_create(partner=partner, amount=5)
    return (found.pk,)


SUBJECTS = {
    **{f"rates:{name}": Subject(_figures, office_only=True) for name in ("figures", "remove_figures")},
    **{f"rates:{name}": Subject(_rate, office_only=True) for name in ("rate", "edit", "approve", "withdraw")},
    "rates:restore": Subject(
        lambda cast, partner: _rate(cast, partner, withdrawn_at=timezone.now()), office_only=True
    ),
    **{
        f"rates:{name}": _subject(make)
        for make, names in (
            (_year, "costs edit_year copy bills lines add_line add_step forecasts add_forecast"),
            (_what_if, "turn delete"),
            (_pool, "edit_pool remove_pool"),
            (_line, "edit_line remove_line"),
            (_step, "edit_step remove_step"),
            (_forecast, "forecast edit_forecast remove_forecast"),
            (_tried, "try_plan drop_plan"),
        )
        for name in names.split()
    },
}
