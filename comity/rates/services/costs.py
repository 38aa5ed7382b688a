"""Keeping a year's costs: pools, ledger lines, steps, forecasts; and driver figures. All are kept alike."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.errors import DomainError
from comity.editing.keeping import Keeping
from comity.editing.values import Related
from comity.rates.models.costs import CostModel, CostPool, Forecast, LedgerLine, Step, StepShare
from comity.rates.models.rates import Driver, DriverSnapshot, DriverValue

MOST_CENTS = 10**13


def check_year(model: CostModel) -> None:
    model.name = " ".join(model.name.split())
    if not 2000 <= model.fiscal_year <= 2100:
        raise DomainError(_("Give the calendar year in which it ends, such as 2027."), "fiscal_year")
    twin = CostModel.objects.official().filter(fiscal_year=model.fiscal_year).exclude(pk=model.pk)
    if not model.is_what_if and twin.exists():
        raise DomainError(_("FY %(year)s is here already.") % {"year": model.fiscal_year}, "fiscal_year")
    if model.is_what_if and not model.name:
        raise DomainError(_("Give it a name that says what it asks."), "name")


def check_drop_year(model: CostModel) -> None:
    if not model.is_what_if:
        raise DomainError(_("Rates rest on the costs of a fiscal year, so they stay."))


def check_pool(pool: CostPool) -> None:
    pool.name, pool.group = " ".join(pool.name.split()), " ".join(pool.group.split())


def check_line(line: LedgerLine) -> None:
    """Tidied; a line that names no pool comes into the one that its object code was put into before."""
    line.reference, line.object_code = line.reference.strip(), line.object_code.strip()
    if abs(line.amount_cents) >= MOST_CENTS:
        raise DomainError(_("No line of a ledger is $100 billion."), "amount_cents")
    if not line.pool_id:
        known = LedgerLine.objects.filter(object_code=line.object_code).order_by()
        pools = list(known.values_list("pool", flat=True).distinct()[:2])
        if len(pools) != 1:
            words = _("Lines with the object code %(code)s were in several pools. Say which one.")
            if not pools:
                words = _("No line with the object code %(code)s was in a pool before. Say which one.")
            raise DomainError(words % {"code": line.object_code or "–"}, "pool")
        line.pool_id = pools[0]


def check_step(step: Step) -> None:
    step.source = " ".join(step.source.split())
    if Step.objects.filter(model=step.model_id, pool=step.pool_id).exclude(pk=step.pk).exists():
        raise DomainError(_("“%(pool)s” has a step already.") % {"pool": step.pool}, "pool")


def check_forecast(forecast: Forecast) -> None:
    rows = Forecast.objects.filter(model=forecast.model_id, offering=forecast.offering_id)
    if rows.exclude(pk=forecast.pk).exists():
        words = _("“%(offering)s” has a forecast in this year already.")
        raise DomainError(words % {"offering": forecast.offering}, "offering")
    if forecast.units <= 0:
        raise DomainError(_("A rate needs a forecast of more than zero units."), "units")
    if forecast.weight < 0:
        raise DomainError(_("A share cannot be negative."), "weight")
    if forecast.market_price is not None and forecast.market_price < 0:
        raise DomainError(_("A price cannot be negative."), "market_price")


def _shares(step: Step) -> list[Any]:
    """Whom a step serves: kind, key and weight of each."""
    return [
        (kind, key, str(share.weight))
        for share in step.shares.all()
        for kind, key in (("pool", share.to_pool_id), ("service", share.to_service_id))
        if key
    ]


def _write_shares(step: Step, shares: list[Any]) -> None:
    if any(kind == "pool" and key == step.pool_id for kind, key, _weight in shares):
        raise DomainError(_("A pool does not serve itself."), "pool")
    step.shares.all().delete()
    StepShare.objects.bulk_create(
        StepShare(step=step, **{f"to_{kind}_id": key}, weight=weight) for kind, key, weight in shares
    )


YEARS = Keeping(CostModel, gettext_lazy("the costs of a year"), check_year, check_drop=check_drop_year)
POOLS = Keeping(CostPool, gettext_lazy("a cost pool"), check_pool)
LINES = Keeping(LedgerLine, gettext_lazy("a ledger line"), check_line)
SHARES = {"shares": Related(_shares, _write_shares)}
STEPS = Keeping(Step, gettext_lazy("a step of overhead"), check_step, SHARES)
FORECASTS = Keeping(Forecast, gettext_lazy("a forecast"), check_forecast)


# --- driver figures ---

USED = gettext_lazy("Bills were split by these figures, so they stay. Enter new ones as of a later day.")


def check_figures(snapshot: DriverSnapshot) -> None:
    """Tidied and right. Raises DomainError."""
    snapshot.source = " ".join(snapshot.source.split())
    if snapshot.driver == Driver.FIXED and snapshot.offering is None:
        raise DomainError(_("Say which offering the shares are of."), "offering")
    if snapshot.driver != Driver.FIXED and snapshot.offering is not None:
        raise DomainError(_("Only fixed shares are of one offering."), "offering")


def check_value(value: DriverValue) -> None:
    """Right, of figures that may still change. Raises DomainError."""
    refuse_used(value.snapshot)
    if value.starts_on and value.ends_on and value.ends_on < value.starts_on:
        raise DomainError(_("It ends before it begins."), "ends_on")


def refuse_used(snapshot: DriverSnapshot) -> None:
    if snapshot.used_at:
        raise DomainError(str(USED))


FIGURES = Keeping(
    DriverSnapshot, gettext_lazy("driver figures"), check_figures, name="figures", check_drop=refuse_used
)
